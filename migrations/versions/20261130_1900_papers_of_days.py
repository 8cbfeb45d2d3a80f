"""Papers of a study day: certificates, what is printed on them, and the making of many at once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261130_1900"
down_revision = "20261130_1830"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_STANDING = sa.text("revoked_at IS NULL")
_WAITING = sa.text("state = 'waiting'")

#: The sentences that the office starts from; it edits them.
_WORDING = {
    "signatory": "L’organisateur",
    "signed_at": "",
    "attendance_text": "L’organisateur atteste que la personne nommée ci-dessous a participé à cette journée d’étude.",
    "completion_text": (
        "Je soussigné, représentant légal du dispensateur de l’action concourant au développement des compétences, "
        "atteste que la personne nommée ci-dessous a suivi cette action."
    ),
    "completion_pledge": (
        "Sans préjudice des délais imposés par les règles fiscales, comptables ou commerciales, je m’engage à conserver "
        "l’ensemble des pièces justificatives qui ont permis d’établir le présent certificat pendant une durée de trois "
        "ans à compter de la fin de l’année du dernier paiement. En cas de cofinancement par des fonds européens, la "
        "durée de conservation est étendue conformément aux obligations conventionnelles spécifiques."
    ),
    "sheet_text": "Chaque participant et chaque intervenant signe pour la demi-journée à laquelle il est présent.",
    "convocation_text": (
        "Présentez votre billet à l’accueil, imprimé ou sur votre téléphone.\n\n"
        "Le règlement intérieur du lieu s’applique à tous les participants."
    ),
    "agreement_text": (
        "Suivi et évaluation. L’assiduité est suivie par une feuille d’émargement signée par demi-journée par chaque "
        "participant et chaque intervenant ; un certificat de réalisation est remis à l’issue de l’action.\n\n"
        "Moyens. L’action réunit des interventions, des échanges avec la salle et des documents remis aux "
        "participants.\n\n"
        "Dédit et absences. Les conditions d’annulation sont celles des conditions générales de vente acceptées avec la "
        "commande.\n\n"
        "Différends. À défaut d’accord amiable, le litige est porté devant le tribunal compétent."
    ),
    "keep_days": 14,
}


def upgrade() -> None:
    op.create_table(
        "certificates",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=150), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("half_days", _JSON, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("action_nature", sa.String(length=200), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_reason", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_certificates_minutes_positive")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_reason = '')", name=op.f("ck_certificates_revoked_for_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_certificates_registration_id_registrations")
        ),
        sa.ForeignKeyConstraint(
            ["study_day_id"], ["study_days.id"], name=op.f("fk_certificates_study_day_id_study_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
    )
    op.create_index(op.f("ix_certificates_study_day_id_issued_at"), "certificates", ["study_day_id", "issued_at"])
    op.create_index(op.f("ix_certificates_registration_id"), "certificates", ["registration_id"])
    op.create_index(
        op.f("uq_certificates_standing"),
        "certificates",
        ["registration_id"],
        unique=True,
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    wording = op.create_table(
        "paper_wording",
        sa.Column("signatory", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.String(length=100), nullable=False),
        sa.Column("attendance_text", sa.Text(), nullable=False),
        sa.Column("completion_text", sa.Text(), nullable=False),
        sa.Column("completion_pledge", sa.Text(), nullable=False),
        sa.Column("sheet_text", sa.Text(), nullable=False),
        sa.Column("convocation_text", sa.Text(), nullable=False),
        sa.Column("agreement_text", sa.Text(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_wording")),
    )
    op.bulk_insert(wording, [_WORDING])
    op.create_table(
        "day_papers",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("action_nature", sa.String(length=200), nullable=False),
        sa.Column("sends_next_day", sa.Boolean(), nullable=False),
        sa.Column("sent_by_itself_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            name=op.f("fk_day_papers_study_day_id_study_days"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_papers")),
        sa.UniqueConstraint("study_day_id", name=op.f("uq_day_papers_study_day_id")),
    )
    op.create_index(op.f("ix_day_papers_sends_next_day"), "day_papers", ["sends_next_day"])
    op.create_table(
        "paper_jobs",
        sa.Column("study_day_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("options", _JSON, nullable=False),
        sa.Column("subjects", _JSON, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_paper_jobs_done_within_total")),
        sa.ForeignKeyConstraint(
            ["study_day_id"],
            ["study_days.id"],
            name=op.f("fk_paper_jobs_study_day_id_study_days"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_paper_jobs_asked_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_jobs")),
    )
    op.create_index(op.f("ix_paper_jobs_study_day_id_id"), "paper_jobs", ["study_day_id", "id"])
    op.create_index(op.f("ix_paper_jobs_state_finished_at"), "paper_jobs", ["state", "finished_at"])
    op.create_index(op.f("ix_paper_jobs_asked_by_id"), "paper_jobs", ["asked_by_id"])
    op.create_index(
        op.f("uq_paper_jobs_waiting"),
        "paper_jobs",
        ["study_day_id", "kind"],
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_table(
        "paper_parts",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["paper_jobs.id"], name=op.f("fk_paper_parts_job_id_paper_jobs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_paper_parts_file_id_stored_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_parts")),
        sa.UniqueConstraint("job_id", "position", name=op.f("uq_paper_parts_job_id_position")),
    )
    op.create_index(op.f("ix_paper_parts_file_id"), "paper_parts", ["file_id"])


def downgrade() -> None:
    op.drop_table("paper_parts")
    op.drop_table("paper_jobs")
    op.drop_table("day_papers")
    op.drop_table("paper_wording")
    op.drop_table("certificates")
