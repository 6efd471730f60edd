using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands.Tsdb;

/// <summary><c>pharos tsdb dump</c> and <c>dump-openmetrics</c>.</summary>
internal static class DumpCommand
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var format = new Option<string>("--format") { Description = "prom or seriesjson.", DefaultValueFactory = _ => "prom" };
        format.AcceptOnlyFromAmong("prom", "seriesjson");
        var (command, run) = New("dump", "Dumps the samples of a data folder.");
        command.Add(format);
        command.Run((parsed, cancellation) => run(parsed,
            parsed.GetValue(format) == "prom" ? WritePlain : WriteLabels, "", cancellation));
        return command;
    }

    public static Command CreateOpenMetrics()
    {
        var (command, run) = New("dump-openmetrics", "Dumps the samples of a data folder as OpenMetrics text, without metadata.");
        command.Run((parsed, cancellation) => run(parsed, WriteOpenMetrics, "# EOF", cancellation));
        return command;
    }

    /// <param name="write">Prints one series.</param>
    /// <param name="end">A last line, or nothing.</param>
    private delegate Task<int> DumpRun(ParseResult parsed, Action<IStoredSeries, SampleBuffer, TextWriter> write, string end,
        CancellationToken cancellation);

    /// <summary>A series as a line of an exposition: <c>name{a="b",c="d"}</c>.</summary>
    internal static string Exposed(LabelSet labels)
    {
        var name = labels.MetricName;
        var quoted = !MetricNames.IsLegacyValid(name);
        var text = new StringBuilder(quoted ? "" : name);
        var others = labels.Where(static label => label.Name != Label.MetricName)
            .Select(static label => $"{Name(label.Name)}={GoQuote.Quote(label.Value)}").ToList();
        if (quoted && name.Length > 0)
        {
            others.Insert(0, GoQuote.Quote(name));
        }
        if (others.Count > 0)
        {
            text.Append('{').AppendJoin(',', others).Append('}');
        }
        return text.ToString();
    }

    internal static string Seconds(long timestampMs) => (timestampMs / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static (Command Command, DumpRun Run) New(string name, string description)
    {
        var folder = TsdbCommand.Folder();
        var min = TsdbCommand.MinTime();
        var max = TsdbCommand.MaxTime();
        var match = TsdbCommand.Match();
        var sandbox = new Option<string?>("--sandbox-dir-root") { Description = "Accepted; the log is read in memory.", Hidden = true };
        return (new Command(name, description) { folder, min, max, match, sandbox }, RunAsync);

        async Task<int> RunAsync(ParseResult parsed, Action<IStoredSeries, SampleBuffer, TextWriter> write, string end,
            CancellationToken cancellation)
        {
            await using var source = TsdbSource.Open(parsed.GetValue(folder)!);
            var (from, to) = (parsed.GetValue(min), parsed.GetValue(max));
            using var querier = source.Querier(from, to);
            var samples = new SampleBuffer();
            await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024);
            foreach (var series in TsdbSource.Select(querier, TsdbSource.Selectors(parsed.GetValue(match)!), cancellation))
            {
                samples.Clear();
                series.Read(from, to, samples);
                write(series, samples, output);
            }
            if (end.Length > 0)
            {
                await output.WriteLineAsync(end);
            }
            return 0;
        }
    }

    private static void WritePlain(IStoredSeries series, SampleBuffer samples, TextWriter output)
    {
        var labels = series.Labels.ToBracedText();
        for (var i = 0; i < samples.Count; i++)
        {
            output.WriteLine($"{labels} {Value(samples, i)} {samples.Timestamps[i].ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private static void WriteOpenMetrics(IStoredSeries series, SampleBuffer samples, TextWriter output)
    {
        var labels = Exposed(series.Labels);
        labels += labels.EndsWith('}') ? "" : "{}";
        for (var i = 0; i < samples.Count; i++)
        {
            // The format has neither native histograms nor staleness markers.
            if ((samples.Histograms.IsEmpty || samples.Histograms[i] is null) && !StaleMarker.Is(samples.Values[i]))
            {
                output.WriteLine($"{labels} {GoFloat.FormatG(samples.Values[i])} {Seconds(samples.Timestamps[i])}");
            }
        }
    }

    private static void WriteLabels(IStoredSeries series, SampleBuffer samples, TextWriter output)
    {
        if (samples.Count > 0)
        {
            output.WriteLine(JsonSerializer.Serialize(
                series.Labels.ToDictionary(static label => label.Name, static label => label.Value), Json));
        }
    }

    private static string Value(SampleBuffer samples, int index) =>
        !samples.Histograms.IsEmpty && samples.Histograms[index] is { } histogram
            ? histogram.Format() : GoFloat.FormatG(samples.Values[index]);

    private static string Name(string name) => MetricNames.IsLegacyValidLabel(name) ? name : GoQuote.Quote(name);
}
