#!/bin/sh
# Benchmarks and seeded usage. Run from anywhere; needs JDK 17 and Maven.
#
#   src/bench/run.sh csv [--records N] [--xmx 512m] [--pairs 3]   CSV file -> committed ledger, beside DuckDB
#   src/bench/run.sh kafka [--records N] [--xmx 1g] [--pairs 3]    Kafka topic -> committed ledger, beside raw consumers
#   src/bench/run.sh rating                                       the rating alone on one core, beside a bare loop
#   src/bench/run.sh close [N [TENANTS]]                          10,000 tenants closed from 10 million records, beside the SQL aggregate
#   src/bench/run.sh memory [--records N] [--xmx 512m]            once, without DuckDB, closing the month too: flat memory
#   src/bench/run.sh repeat [N]                                   a file read again, cut elsewhere and shuffled
#   src/bench/run.sh api [MAPPINGS [REQUESTS]]                    the rating API: a list of 10,000 mappings, a quote
#   src/bench/run.sh rerate [N]                                   usage rated again from the archive
#   src/bench/run.sh summary [N [TURNS]]                         a summary by type and day, beside the bare SQL aggregate
#   src/bench/run.sh reseller [CLIENTS [RESOURCES [REQUESTS]]]    the reseller API: every call, the report in flat memory
#   src/bench/run.sh odoo [--release 14|19] [--invoices N]        invoices/s into a real Odoo, beside its own best batch rate; root
#   src/bench/run.sh start [--runs 5] [--rest 20]                 from the call to running routes, and memory at rest, with either database
#   src/bench/run.sh examples                                     writes examples/ again
set -eu
cd "$(dirname "$0")/../.."

usage() {
  sed -n 's/^#   //p' src/bench/run.sh >&2
  exit 2
}

[ $# -ge 1 ] || usage
bench=$1
shift

# a hub and an Odoo of their own, each a process
[ "$bench" != odoo ] || exec /usr/bin/python3 src/bench/odoo.py "$@"
[ "$bench" != start ] || exec /usr/bin/python3 src/bench/start.py "$@"

classpath=target/bench/classpath
mvn -q -B test-compile ${MAVEN_ARGS:-} >&2
if [ ! -f "$classpath" ] || [ pom.xml -nt "$classpath" ]; then
  mkdir -p target/bench
  mvn -q -B dependency:build-classpath -Dmdep.outputFile="$classpath" -Dmdep.includeScope=test ${MAVEN_ARGS:-} >&2
fi

run() {
  exec java -Xmx256m -cp "target/test-classes:target/classes:$(cat "$classpath")" "$@"
}

case $bench in
  csv) run org.caravan.bench.CsvBench "$@" ;;
  kafka) run org.caravan.bench.KafkaBench "$@" ;;
  rating) exec taskset -c 0 java -XX:+UseSerialGC -Xmx512m -cp "target/test-classes:target/classes:$(cat "$classpath")" \
    org.caravan.bench.RatingBench "$@" ;;
  close) exec java -XX:+UseParallelGC -Xmx1g -cp "target/test-classes:target/classes:$(cat "$classpath")" \
    org.caravan.bench.CloseBench "$@" ;;
  memory) run org.caravan.bench.CsvBench --memory --pairs 1 "$@" ;;
  repeat) exec java -XX:+UseParallelGC -Xmx512m -cp "target/test-classes:target/classes:$(cat "$classpath")" \
    org.caravan.bench.RepeatBench "$@" ;;
  api) run org.caravan.bench.ApiBench "$@" ;;
  rerate) exec java -XX:+UseParallelGC -Xmx512m -cp "target/test-classes:target/classes:$(cat "$classpath")" \
    org.caravan.bench.RerateBench "$@" ;;
  summary) exec java -Xmx512m -cp "target/test-classes:target/classes:$(cat "$classpath")" \
    org.caravan.bench.SummaryBench "$@" ;;
  reseller) exec java -XX:+UseSerialGC -Xmx1g -cp "target/test-classes:target/classes:$(cat "$classpath")" \
    org.caravan.bench.ResellerBench "$@" ;;
  examples) run org.caravan.bench.UsageGenerator examples "$@" ;;
  *) usage ;;
esac
