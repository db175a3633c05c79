// Starts Redoc. Its search would need a worker made of text, which the page's policy forbids;
// its fonts are those of the reader's own machine.
const place = document.getElementById("reading");
const sans = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

Redoc.init(
  place.dataset.schema,
  {
    disableSearch: true,
    hideDownloadButton: false,
    requiredPropsFirst: true,
    jsonSampleExpandLevel: 4,
    theme: { typography: { fontFamily: sans, headings: { fontFamily: sans } } },
  },
  place,
);
