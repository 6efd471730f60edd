using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Server.Dashboards.Model;
using Pharos.Storage.Metrics;
using Pharos.Storage.Text;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Answers a panel's queries from the metric store and shapes the answer for drawing.</summary>
/// <remarks>Thread-safe. A query that fails is reported beside the answers of the others.</remarks>
public sealed class PanelDataSource(PromEngine engine, IMetricStore store, VariableOptions variableOptions)
{
    /// <summary>What Grafana takes for a scrape interval that it does not know.</summary>
    private const long DefaultScrapeIntervalMs = 15_000;

    /// <summary>More series than this cannot be told apart in one chart; the rest is named in a warning.</summary>
    private const int MaxSeries = 200;

    public PanelFrame Answer(Dashboard dashboard, Panel panel, PanelDataRequest request, CancellationToken cancellation)
    {
        var run = new Run(dashboard, panel, request, variableOptions, cancellation);
        var isTable = panel.Type == "table";
        foreach (var query in panel.Queries)
        {
            RunOne(run, query, isTable);
        }
        var frame = isTable ? TableFrames.Make(panel, run.Tables)
            : panel.Type is "stat" or "gauge" or "bargauge" ? SeriesFrames.MakeTiles(panel, run.Series, run.Times)
            : SeriesFrames.MakeSeries(panel, run.Series, run.Times, run.StepMs);
        return frame with
        {
            Errors = run.Errors,
            Warnings = run.Warnings,
            ExecutedQueries = run.Executed,
            NoData = run.IsEmpty ? NoDataExplanation.Of(store, run.Executed, run.Errors, request, cancellation) : null,
        };
    }

    private void RunOne(Run run, PanelQuery query, bool asTable)
    {
        var expr = run.Interpolation(query).Apply(query.Expr);
        run.Executed.Add(new ExecutedQuery(query.RefId, expr, run.StepMs));
        try
        {
            if (query.Instant || (asTable && query.IsTable))
            {
                var answer = engine.Instant(store, expr, run.Request.To, null, run.Cancellation);
                run.Warnings.AddRange(answer.Warnings);
                run.AddInstant(query, expr, answer.Value);
            }
            else
            {
                var answer = engine.Range(store, expr, run.FromMs, run.ToMs, run.StepMs, null, run.Cancellation);
                run.Warnings.AddRange(answer.Warnings);
                run.AddRange(query, expr, (MatrixValue)answer.Value, MaxSeries);
            }
        }
        catch (QueryException e)
        {
            run.Errors.Add(new QueryError(query.RefId, e.Message));
        }
    }

    /// <summary>The state of answering one request.</summary>
    private sealed class Run
    {
        private readonly Dictionary<string, (Variable Variable, IReadOnlyList<string> Values)> _variables = new(StringComparer.Ordinal);

        public Run(
            Dashboard dashboard, Panel panel, PanelDataRequest request, VariableOptions options, CancellationToken cancellation)
        {
            Request = request;
            Cancellation = cancellation;
            foreach (var variable in dashboard.Variables)
            {
                var resolved = options.Resolve(variable, request.Variables, request.From, request.To, cancellation);
                var values = request.Variables.GetValueOrDefault(variable.Name) is { Count: > 0 } chosen ? chosen : resolved.Current;
                _variables[variable.Name] = (resolved, values);
            }
            var range = Math.Max(1, request.To - request.From);
            var minStep = panel.Queries.Select(MinStepMs).DefaultIfEmpty(0).Max();
            StepMs = StepChoice.Choose(
                range, request.Width, minStep, panel.Queries.Select(query => query.IntervalFactor).DefaultIfEmpty(1).Max());
            // Aligned, so that a panel that refreshes shows the same points again.
            FromMs = request.From / StepMs * StepMs;
            ToMs = Math.Max(FromMs, request.To / StepMs * StepMs);
            Times = [.. Enumerable.Range(0, (int)((ToMs - FromMs) / StepMs) + 1).Select(i => FromMs + (i * StepMs))];
        }

        public PanelDataRequest Request { get; }

        public CancellationToken Cancellation { get; }

        public long StepMs { get; }

        public long FromMs { get; }

        public long ToMs { get; }

        public long[] Times { get; }

        public List<RawSeries> Series { get; } = [];

        public List<RawTable> Tables { get; } = [];

        public List<QueryError> Errors { get; } = [];

        public List<string> Warnings { get; } = [];

        public List<ExecutedQuery> Executed { get; } = [];

        public bool IsEmpty => Series.Count == 0 && Tables.All(table => table.Samples.Count == 0);

        public Interpolation Interpolation(PanelQuery query)
        {
            var scrape = MinStepMs(query) is > 0 and var own ? own : DefaultScrapeIntervalMs;
            return new Interpolation(_variables, StepMs, Request.To - Request.From, scrape);
        }

        public void AddInstant(PanelQuery query, string expr, QueryValue value)
        {
            var samples = value switch
            {
                VectorValue vector => vector.Samples,
                ScalarValue scalar => [new VectorSample(Storage.Model.LabelSet.Empty, scalar.TimestampMs, scalar.Value)],
                _ => [],
            };
            var numbers = samples.Where(sample => sample.Histogram is null).ToList();
            WarnOfHistograms(query, samples.Count - numbers.Count);
            Tables.Add(new RawTable(query, numbers));
            foreach (var sample in numbers)
            {
                var values = new double?[Times.Length];
                values[^1] = sample.Value;
                Series.Add(new RawSeries(query, expr, sample.Labels, values));
            }
        }

        public void AddRange(PanelQuery query, string expr, MatrixValue matrix, int maxSeries)
        {
            if (matrix.Series.Count > maxSeries)
            {
                Warnings.Add($"query {query.RefId}: {matrix.Series.Count} series, the first {maxSeries} are drawn");
            }
            var last = new List<VectorSample>();
            WarnOfHistograms(query, matrix.Series.Count(series => series.TimestampsMs.Count == 0));
            foreach (var series in matrix.Series.Take(maxSeries).Where(series => series.TimestampsMs.Count > 0))
            {
                var values = new double?[Times.Length];
                for (var i = 0; i < series.TimestampsMs.Count; i++)
                {
                    values[(series.TimestampsMs[i] - FromMs) / StepMs] = series.Values[i];
                }
                Series.Add(new RawSeries(query, expr, series.Labels, values));
                last.Add(new VectorSample(series.Labels, series.TimestampsMs[^1], series.Values[^1]));
            }
            Tables.Add(new RawTable(query, last));
        }

        private void WarnOfHistograms(PanelQuery query, int count)
        {
            if (count > 0)
            {
                Warnings.Add($"query {query.RefId}: {count} series are native histograms, which no panel draws; take a quantile of them");
            }
        }

        private static long MinStepMs(PanelQuery query) => PrometheusDuration.TryParse(query.Interval.TrimStart('>'), out var interval)
            ? (long)interval.TotalMilliseconds : 0;
    }
}
