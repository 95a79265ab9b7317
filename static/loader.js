/* Loads htmx: from the CDN with its integrity hash, or else from here. */
(function () {
  "use strict";
  var data = document.currentScript.dataset;
  function add(source, integrity, otherwise) {
    var script = document.createElement("script");
    script.src = source;
    if (integrity) {
      script.integrity = integrity;
      script.crossOrigin = "anonymous";
    }
    script.onerror = otherwise || null;
    document.head.appendChild(script);
  }
  function local() { add(data.local, data.integrity); }
  if (data.cdn) { add(data.cdn, data.integrity, local); } else { local(); }
})();
