using System.Globalization;
using System.Text;
using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Exposition;

/// <summary>A label set in the two forms in which it is written, made once for each series.</summary>
/// <param name="Text"><c>a="b",c="d"</c> in UTF-8, or nothing.</param>
/// <param name="Protobuf">Its label pairs as fields of a <c>Metric</c>.</param>
internal sealed record LabelText(byte[] Text, byte[] Protobuf)
{
    /// <summary>What measurements beyond the limit of series are counted under, as OpenTelemetry names it.</summary>
    public static LabelText Overflow { get; } = Of([new("otel.metric.overflow", true)]);

    /// <summary>Sorted by name, with characters that are not allowed replaced; values of names that become one are joined
    /// by a semicolon.</summary>
    public static LabelText Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedList<string, string>(tags.Length, StringComparer.Ordinal);
        var sorted = tags.ToArray();
        Array.Sort(sorted, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        foreach (var (key, value) in sorted)
        {
            var name = MetricName.Sanitize(key);
            name = name == "le" ? "exported_le" : name;
            labels[name] = labels.TryGetValue(name, out var other) ? $"{other};{ValueText(value)}" : ValueText(value);
        }
        var text = new StringBuilder();
        var protobuf = new ByteBuffer(64);
        foreach (var (name, value) in labels)
        {
            text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"").Append(Escape(value)).Append('"');
            WritePair(protobuf, 1, name, value);
        }
        return new LabelText(Encoding.UTF8.GetBytes(text.ToString()), protobuf.Written.ToArray());
    }

    public static void WritePair(ByteBuffer output, int field, string name, string value)
    {
        var pair = output.Begin(field);
        output.TextField(1, name);
        output.TextField(2, value);
        output.End(pair);
    }

    /// <summary>Inside the quotes of a label value.</summary>
    public static string Escape(string value) => value.Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string ValueText(object? value) => value switch
    {
        bool truth => truth ? "true" : "false",
        string text => text,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
