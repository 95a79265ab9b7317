/* What htmx leaves to the page: focus after a swap, busy regions, quiet while hidden. */
(function () {
  "use strict";
  function context(event) { return (event.detail && event.detail.ctx) || {}; }
  function isPoll(event) {
    var source = context(event).sourceElement;
    return Boolean(source && source.hasAttribute && source.hasAttribute("data-poll"));
  }
  document.addEventListener("htmx:after:swap", function (event) {
    if (isPoll(event)) { return; } /* whoever reads or types is left alone */
    var target = context(event).target;
    var place = target && target.id && document.getElementById(target.id);
    var wanted = place && place.querySelector("[data-focus]");
    if (wanted) { wanted.focus(); return; }
    if (place && document.activeElement === document.body) { /* its button is gone */
      place.tabIndex = -1;
      place.focus({ preventScroll: true });
    }
  });
  document.addEventListener("htmx:before:request", function (event) {
    if (isPoll(event)) {
      if (document.hidden) { event.preventDefault(); } /* nobody looks: ask for nothing */
      return;
    }
    var target = context(event).target;
    if (target && target.setAttribute) { target.setAttribute("aria-busy", "true"); }
  });
  document.addEventListener("htmx:finally:request", function (event) {
    var target = context(event).target;
    if (target && target.removeAttribute) { target.removeAttribute("aria-busy"); }
  });
  document.addEventListener("htmx:error", function (event) {
    var alert = document.getElementById("alert");
    if (!alert || isPoll(event)) { return; }
    var message = document.createElement("p");
    message.className = "alert alert-danger";
    message.textContent = "The server did not answer. Nothing was lost here: try again.";
    alert.replaceChildren(message);
  });
  /* Buttons that copy a field; without scripts they are hidden, and it can be selected. */
  document.documentElement.classList.add("has-scripts");
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-copy]");
    var field = button && document.getElementById(button.dataset.copy);
    if (!field) { return; }
    var said = button.parentNode.querySelector("[data-copied]");
    function tell(text) { if (said) { said.textContent = text; } }
    function select() { field.focus(); field.select(); }
    function done() { tell("Copied."); }
    function failed() { select(); tell("The lines are selected: copy them now."); }
    if (navigator.clipboard) { navigator.clipboard.writeText(field.value).then(done, failed); } else { failed(); }
  });
  /* A page that comes back from the browser's memory may be signed out by now. */
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { window.location.reload(); }
  });
})();
