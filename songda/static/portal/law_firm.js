// Reads the numbers behind the #, asks for the list of papers and shows them with their links.
(() => {
  const place = document.getElementById("law-firm");
  const say = document.getElementById("say");
  const list = document.getElementById("list");
  const form = document.getElementById("code-form");
  const numbers = () => new URLSearchParams(location.hash.split("?")[1] || location.search);

  const row = (paper) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = new URL(paper.wjlj).pathname;
    link.download = `${paper.c_wsmc}.${paper.c_wjgs}`;
    link.textContent = paper.c_wsmc;
    item.append(link);
    return item;
  };

  const show = (answer) => {
    list.replaceChildren(...answer.data.map(row));
    form.hidden = answer.code === 200;
    say.textContent = answer.code === 200 ? `${answer.data[0]?.c_fymc || ""}送交文书${answer.data.length}份` : answer.msg;
  };

  const ask = async () => {
    const given = numbers();
    const body = { qdbh: given.get("qdbh"), sdbh: given.get("sdbh"), sdsin: given.get("sdsin"), mm: form.mm.value || given.get("mm") || "" };
    try {
      const answer = await fetch(place.dataset.list, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
      show(await answer.json());
    } catch {
      say.textContent = "网络不通，请稍后刷新重试。";
    }
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  window.addEventListener("hashchange", ask);
  ask();
})();
