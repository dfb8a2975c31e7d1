// In the place of lightning/platformResourceLoader: a script by its URL, once it has run.

export function loadScript(_component, url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${url} can't be loaded`));
    document.head.append(script);
  });
}
