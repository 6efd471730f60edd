using System.Text;
using Pharos.Collection.Exposition;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Tests.Exposition;

/// <summary>An exposition read whole, one line of text per entry.</summary>
internal sealed record Exposed(IReadOnlyList<string> Lines, string? Fault)
{
    public static Exposed Read(string body, ExpositionFormat format) => Read(Encoding.UTF8.GetBytes(body), format);

    public static Exposed Read(ReadOnlySpan<byte> body, ExpositionFormat format)
    {
        var lines = new List<string>();
        var labels = new ExposedLabels();
        var parser = new ExpositionParser(body, format);
        while (true)
        {
            switch (parser.Next())
            {
                case ExpositionEntry.End:
                    return new Exposed(lines, null);
                case ExpositionEntry.Fault:
                    return new Exposed(lines, parser.Fault);
                case ExpositionEntry.Type:
                    lines.Add($"TYPE {parser.ReadFamily()} {parser.ReadText()}");
                    break;
                case ExpositionEntry.Help:
                    lines.Add($"HELP {parser.ReadFamily()} {parser.ReadText()}");
                    break;
                case ExpositionEntry.Unit:
                    lines.Add($"UNIT {parser.ReadFamily()} {parser.ReadText()}");
                    break;
                case ExpositionEntry.Series:
                    parser.ReadLabels(labels);
                    var line = $"{Set(labels)} {GoFloat.FormatG(parser.Value)}";
                    line += parser.TimestampMs is { } at ? $" @{at}" : "";
                    if (parser.HasExemplar)
                    {
                        parser.ReadExemplarLabels(labels);
                        line += $" # {Set(labels)} {GoFloat.FormatG(parser.ExemplarValue)} {parser.ExemplarTimestampMs}".TrimEnd();
                    }
                    lines.Add(line);
                    break;
            }
        }
    }

    private static LabelSet Set(ExposedLabels labels) =>
        LabelSet.From(labels.Labels.Select(label => KeyValuePair.Create(label.Name, label.Value)));
}
