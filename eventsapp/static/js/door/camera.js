// Reads QR codes from the camera: by the browser where it can, else by a small library.
const EVERY = 150;
// The same ticket held still is one.
const AGAIN = 4000;
const WIDEST = 640;

export async function openCamera(video, decoder, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  await video.play();
  const read = await reader(video, decoder);
  let last = { code: "", at: 0 };
  let open = true;
  (async function look() {
    while (open) {
      const code = await read().catch(() => "");
      const now = Date.now();
      if (code && open && (code !== last.code || now - last.at > AGAIN)) found(code);
      if (code) last = { code, at: now };
      await new Promise((next) => setTimeout(next, EVERY));
    }
  })();
  return () => {
    open = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}

async function reader(video, decoder) {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  const { decodeQR } = await import(decoder);
  const canvas = document.createElement("canvas");
  const drawn = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    drawn.drawImage(video, 0, 0, canvas.width, canvas.height);
    return decodeQR(drawn.getImageData(0, 0, canvas.width, canvas.height));
  };
}
