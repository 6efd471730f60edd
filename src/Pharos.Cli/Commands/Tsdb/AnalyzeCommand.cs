using System.CommandLine;
using System.Globalization;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb analyze</c>.</summary>
internal static class AnalyzeCommand
{
    private const int DefaultLimit = 20;

    public static Command Create()
    {
        var folder = TsdbCommand.Folder();
        var block = new Argument<string?>("BLOCK")
        {
            Description = "The block to look at; the last one where none is given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var limit = new Option<int>("--limit") { Description = "How many items to show in each list.", DefaultValueFactory = _ => DefaultLimit };
        var extended = new Option<bool>("--extended") { Description = "Run extended analysis." };
        var match = new Option<string?>("--match") { Description = "Series selector to analyze." };
        var command = new Command("analyze", "Analyzes churn, cardinality of label pairs, and how full the chunks are.")
        {
            folder, block, limit, extended, match,
        };
        command.Run(async (parsed, cancellation) =>
        {
            await using var source = TsdbSource.Open(parsed.GetValue(folder)!);
            var selectors = TsdbSource.Selectors(parsed.GetValue(match) is { } selector ? [selector] : []);
            var analyzed = AnalyzedBlock.Find(source, parsed.GetValue(block), selectors.Count == 0 ? [] : selectors[0], cancellation);
            Print(analyzed, parsed.GetValue(match), parsed.GetValue(limit), Console.Out);
            if (parsed.GetValue(extended))
            {
                ChunkAnalysis.Print(analyzed, Console.Out);
            }
            return 0;
        });
        return command;
    }

    private static void Print(AnalyzedBlock block, string? match, int limit, TextWriter output)
    {
        var labels = new Dictionary<string, double>(StringComparer.Ordinal);
        var pairs = new Dictionary<(string, string), (double Uncovered, long Count)>();
        long entries = 0;
        foreach (var series in block.Series)
        {
            var uncovered = (double)(block.MaxTimeMs - block.MinTimeMs - (series.LastMs - series.FirstMs));
            foreach (var label in series.Labels)
            {
                labels[label.Name] = labels.GetValueOrDefault(label.Name) + uncovered;
                var (before, count) = pairs.GetValueOrDefault((label.Name, label.Value));
                pairs[(label.Name, label.Value)] = (before + uncovered, count + 1);
                entries++;
            }
        }
        output.WriteLine($"Block ID: {block.Name}");
        output.WriteLine($"Duration: {Pharos.Storage.Text.GoDuration.Format(TimeSpan.FromMilliseconds(block.MaxTimeMs - block.MinTimeMs))}");
        output.WriteLine($"Total Series: {block.SeriesCount}");
        if (match is not null)
        {
            output.WriteLine($"Matcher: {match}");
        }
        output.WriteLine($"Label names: {labels.Count}");
        output.WriteLine($"Postings (unique label pairs): {pairs.Count}");
        output.WriteLine($"Postings entries (total label pairs): {entries}");
        var length = (double)(block.MaxTimeMs - block.MinTimeMs);
        var values = pairs.Keys.GroupBy(static pair => pair.Item1, StringComparer.Ordinal).ToList();
        Section("Label pairs most involved in churning", pairs.Select(pair => (Text(pair.Key), (long)(pair.Value.Uncovered / length))));
        Section("Label names most involved in churning", labels.Select(pair => (pair.Key, (long)(pair.Value / length))));
        Section("Most common label pairs", pairs.Select(static pair => (Text(pair.Key), pair.Value.Count)));
        Section("Label names with highest cumulative label value length", values.Select(static name =>
            (name.Key, name.Sum(static pair => (long)System.Text.Encoding.UTF8.GetByteCount(pair.Item2)))));
        Section("Highest cardinality labels", values.Select(static name => (name.Key, name.LongCount())));
        Section("Highest cardinality metric names", pairs.Where(static pair => pair.Key.Item1 == "__name__")
            .Select(static pair => (pair.Key.Item2, pair.Value.Count)));

        void Section(string title, IEnumerable<(string Key, long Count)> rows)
        {
            output.WriteLine();
            output.WriteLine($"{title}:");
            foreach (var (key, count) in rows.OrderByDescending(static row => row.Count)
                .ThenBy(static row => row.Key, StringComparer.Ordinal).Take(limit))
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {key}"));
            }
        }
    }

    private static string Text((string Name, string Value) pair) => $"{pair.Name}={pair.Value}";
}
