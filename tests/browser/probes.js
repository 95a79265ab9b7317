/* What axe does not look at: edges, focus, targets, cut choices, sideways scrolling (WCAG 2.2 AA). */
(() => {
  const defects = [];
  const name = (e) => {
    const words = (e.innerText || e.value || e.name || "").trim().slice(0, 30);
    return `${e.tagName.toLowerCase()}${e.id ? "#" + e.id : ""} "${words}"`;
  };
  const isSeen = (e) => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + scrollY > 0;
  };
  const seen = (selector) => [...document.querySelectorAll(selector)].filter(isSeen);

  /* Colours, also color-mix and color(srgb …), through a pixel. */
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => {
    const mixed = [0, 1, 2].map((n) => top[n] * top[3] + under[n] * (1 - top[3]));
    return [...mixed, 1];
  };
  const ground = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    const canvas = rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark") ? "#121212" : "#fff");
    return layers.reverse().reduce((under, layer) => over(layer, under), canvas);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  const edges = () => {
    const fields = "input:not([type=hidden], [type=submit], [type=button]), select, textarea";
    for (const e of seen(fields)) {
      if (e.disabled || e.matches("[type=file]")) continue;
      const style = getComputedStyle(e);
      const around = ground(e.parentElement);
      const hasEdge = style.borderStyle !== "none" && parseFloat(style.borderTopWidth) >= 1;
      const edge = hasEdge ? contrast(over(rgba(style.borderTopColor), around), around) : 1;
      const best = Math.max(edge, contrast(ground(e), around));
      if (best < 3) defects.push(`edge ${best.toFixed(2)}:1 of ${name(e)}`);
    }
  };

  const focus = () => {
    const stops = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    for (const e of seen(stops)) {
      if (e.disabled || e.tabIndex < 0) continue;
      e.focus({ preventScroll: true, focusVisible: true });
      const style = getComputedStyle(e);
      const width = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
      const around = ground(e.parentElement);
      const ring = contrast(over(rgba(style.outlineColor), around), around);
      if (width < 2 || ring < 3) defects.push(`focus ${width}px ${ring.toFixed(2)}:1 of ${name(e)}`);
    }
    document.activeElement.blur();
  };

  const isInText = (e) => {
    if (getComputedStyle(e).display !== "inline") return false;
    const rest = e.parentElement.innerText.replace(e.innerText, "").trim();
    return rest !== "";
  };
  const targets = () => {
    for (const e of seen("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
      if (isInText(e)) continue;
      const boxes = [e, ...(e.labels || [])].map((part) => part.getBoundingClientRect());
      const height = Math.max(...boxes.map((box) => box.height));
      const width = Math.max(...boxes.map((box) => box.width));
      if (Math.min(height, width) < 24) {
        defects.push(`target ${width.toFixed(0)}×${height.toFixed(0)} of ${name(e)}`);
      }
    }
  };

  const frame = () => {
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
      defects.push(`page scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`);
    }
    const headings = document.querySelectorAll("h1").length;
    if (headings !== 1) defects.push(`${headings} h1`);
    if (!document.title.trim()) defects.push("no title");
  };

  /* A browser cuts a choice off where its select is too narrow; nothing scrolls then.
     Names of schools may be of any length. */
  const choices = () => {
    for (const e of seen("select:not([name=school], [name=building])")) {
      const style = getComputedStyle(e);
      const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      pixel.font = style.font;
      for (const option of e.options) {
        const width = pixel.measureText(option.text).width;
        if (width > room) defects.push(`choice cut off, ${width.toFixed(0)} in ${room.toFixed(0)}: ${option.text}`);
      }
    }
  };

  edges();
  focus();
  targets();
  choices();
  frame();
  return defects;
})();
