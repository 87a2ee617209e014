// Converts files of ticks to Parquet with Polars. A line "trades|books FILE TARGET" in, the number of rows out.
const polars = require("nodejs-polars");
const readline = require("node:readline");

function convert(kind, file, target) {
  const options = { inferSchemaLength: 0, hasHeader: true };
  let frame = polars.readCSV(file, options);
  const micros = (name) => polars.col(name).cast(polars.Int64).cast(polars.Datetime("us", "UTC"));
  const decimal = (name, as) => polars.col(name).cast(polars.Decimal(18, 8)).alias(as);
  let columns = [micros("timestamp"), micros("local_timestamp")];
  if (kind === "trades") {
    columns = columns.concat([polars.col("id"), polars.col("side"), decimal("price", "price"), decimal("amount", "amount")]);
  } else {
    for (let level = 0; level < 5; level++) {
      for (const side of ["ask", "bid"]) {
        columns.push(decimal(`${side}s[${level}].price`, `${side}_price_${level + 1}`));
        columns.push(decimal(`${side}s[${level}].amount`, `${side}_volume_${level + 1}`));
      }
    }
  }
  frame = frame.select(...columns);
  frame.writeParquet(target, { compression: "zstd" });
  return frame.height;
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [kind, file, target] = line.split(" ");
  try {
    console.log(String(convert(kind, file, target)));
  } catch (failed) {
    console.log(String(failed));
  }
});
