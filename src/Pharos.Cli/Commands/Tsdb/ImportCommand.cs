using System.CommandLine;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb import</c>: Prometheus' data folders, single blocks, and OpenMetrics text.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("PATH")
        {
            Description = "Data folders of a stopped Prometheus, single blocks, or files of OpenMetrics text with timestamps.",
            Arity = ArgumentArity.OneOrMore,
        };
        var target = new Option<string>("--data", "--storage.tsdb.path")
        {
            Description = "The data folder of Pharos that the samples go to; no server may have it open.",
            DefaultValueFactory = _ => "data",
        };
        var min = TsdbCommand.MinTime();
        var max = TsdbCommand.MaxTime();
        var match = TsdbCommand.Match();
        var command = new Command("import", "Moves what Prometheus has stored into the data folder of Pharos.")
        {
            inputs, target, min, max, match,
        };
        command.Run(async (parsed, cancellation) =>
        {
            var store = Path.Combine(parsed.GetValue(target)!, "metrics");
            var selectors = TsdbSource.Selectors(parsed.GetValue(match)!);
            var range = (parsed.GetValue(min), parsed.GetValue(max));
            foreach (var path in parsed.GetValue(inputs)!.Where(static path => !PrometheusFolder.IsOne(path) && !File.Exists(path)))
            {
                throw new IOException($"{path} is neither a data folder of Prometheus nor a file");
            }
            await using var import = new StoreImport(store, Console.Out);
            foreach (var path in parsed.GetValue(inputs)!)
            {
                if (PrometheusFolder.IsOne(path))
                {
                    using var folder = PrometheusFolder.Open(path, withHead: true);
                    import.Add(folder, selectors, range, cancellation);
                    continue;
                }
                var (series, metadata) = OpenMetricsFile.Read(path);
                import.Add(Selected(series, selectors), metadata, range);
            }
            import.Complete();
            return 0;
        });
        return command;
    }

    private static Dictionary<LabelSet, SampleBuffer> Selected(
        Dictionary<LabelSet, SampleBuffer> series, IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors) =>
        selectors.Count == 0 ? series : series
            .Where(pair => selectors.Any(matchers => matchers.All(matcher => matcher.Matches(pair.Key[matcher.Name]))))
            .ToDictionary();
}
