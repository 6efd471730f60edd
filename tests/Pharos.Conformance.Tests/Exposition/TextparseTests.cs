using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pharos.Collection.Exposition;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.Exposition;

/// <summary>Prometheus' own expositions (model/textparse/testdata), against a reading of them by regular expressions.</summary>
public sealed partial class TextparseTests
{
    private const string Folder = "prometheus/model/textparse/testdata";

    public static TheoryData<string> Files => ConformanceFiles.Named(Folder, name => name.EndsWith(".txt", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_entry_is_read_as_it_stands(string file)
    {
        var openMetrics = file.Contains(".om.", StringComparison.Ordinal);
        var body = File.ReadAllText(ConformanceFiles.Path($"{Folder}/{file}"));
        if (openMetrics && !body.Contains("# EOF", StringComparison.Ordinal))
        {
            body += "# EOF\n";
        }
        var parser = new ExpositionParser(Encoding.UTF8.GetBytes(body), openMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText);
        var type = "";
        var entries = 0;
        foreach (var line in body.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("# EOF", StringComparison.Ordinal)))
        {
            var metadata = MetadataLine().Match(line);
            type = metadata.Groups["kind"].Value == "TYPE" ? metadata.Groups["text"].Value : type;
            Assert.Equal(metadata.Success ? Shown(metadata) : Shown(SeriesLine().Match(line), type), Shown(ref parser));
            entries++;
        }
        Assert.Equal(ExpositionEntry.End, parser.Next());
        Assert.InRange(entries, 40, int.MaxValue);
    }

    private static string Shown(Match metadata) =>
        $"{metadata.Groups["kind"].Value} {metadata.Groups["family"].Value} "
        + metadata.Groups["text"].Value.Replace("untyped", "unknown", StringComparison.Ordinal);

    private static string Shown(Match series, string type)
    {
        Assert.True(series.Success);
        var labels = Labels(series.Groups["labels"].Value).Append(KeyValuePair.Create(Label.MetricName, series.Groups["name"].Value))
            .Select(label => Bound(type, label));
        var line = $"{LabelSet.From(labels)} {GoFloat.FormatG(Number(series.Groups["value"].Value))}";
        var exemplar = series.Groups["exemplar"];
        return exemplar.Success
            ? $"{line} # {LabelSet.From(Labels(exemplar.Value))} {GoFloat.FormatG(Number(series.Groups["evalue"].Value))} "
                + $"{(long)(Number(series.Groups["etime"].Value) * 1000)}"
            : line;
    }

    private static string Shown(ref ExpositionParser parser)
    {
        var entry = parser.Next();
        Assert.Null(parser.Fault);
        if (entry != ExpositionEntry.Series)
        {
            return $"{entry.ToString().ToUpperInvariant()} {parser.ReadFamily()} {parser.ReadText()}";
        }
        var labels = new ExposedLabels();
        parser.ReadLabels(labels);
        var line = $"{Set(labels)} {GoFloat.FormatG(parser.Value)}";
        var exemplar = new ExposedExemplar();
        while (parser.NextExemplar(exemplar))
        {
            line += $" # {Set(exemplar.Labels)} {GoFloat.FormatG(exemplar.Value)} {exemplar.TimestampMs}";
        }
        return line;
    }

    private static LabelSet Set(ExposedLabels labels) =>
        LabelSet.From(labels.Labels.Select(label => KeyValuePair.Create(label.Name, label.Value)));

    private static IEnumerable<KeyValuePair<string, string>> Labels(string text) =>
        LabelPair().Matches(text).Select(match => KeyValuePair.Create(match.Groups["name"].Value, match.Groups["value"].Value));

    private static KeyValuePair<string, string> Bound(string type, KeyValuePair<string, string> label)
    {
        if ((type, label.Key) is not (("histogram", "le") or ("summary", "quantile")) || label.Value.AsSpan().ContainsAny('.', 'e', 'I'))
        {
            return label;
        }
        return KeyValuePair.Create(label.Key, label.Value + ".0");
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => StaleMarker.NormalNaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^# (?<kind>HELP|TYPE|UNIT) (?<family>[^ ]+) ?(?<text>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetadataLine();

    [GeneratedRegex(
        """^(?<name>[^ {]+)(\{(?<labels>.*?)\})? (?<value>[^ ]+)( # \{(?<exemplar>.*)\} (?<evalue>[^ ]+) (?<etime>[^ ]+))?$""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SeriesLine();

    [GeneratedRegex("""(?<name>[^=,]+)="(?<value>[^"]*)",?""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelPair();
}
