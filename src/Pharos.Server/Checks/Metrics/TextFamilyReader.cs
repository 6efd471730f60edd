using System.Globalization;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Server.Checks.Metrics;

/// <summary>Reads the plain text format strictly, with the texts of faults that <c>promtool check metrics</c> prints.</summary>
/// <remarks>Scraping reads the same format leniently; here a file is judged, so what that tool refuses is refused (expfmt of
/// Prometheus' common library). Not thread-safe; one reader serves one text.</remarks>
internal sealed class TextFamilyReader
{
    private readonly TextCursor _cursor;
    private readonly Dictionary<string, TextFamily> _families = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TextMetric> _grouped = new(StringComparer.Ordinal);
    private TextFamily? _family;
    private string _suffix = "";

    private TextFamilyReader(byte[] text) => _cursor = new TextCursor(text);

    /// <summary>The families that have metrics, by name.</summary>
    /// <exception cref="FormatException">The text is not in the format; the message names the line.</exception>
    public static IReadOnlyList<TextFamily> Read(byte[] text)
    {
        var reader = new TextFamilyReader(text);
        while (reader._cursor.StartLine())
        {
            reader.Line();
        }
        return [.. reader._families.Values.Where(static family => family.Metrics.Count > 0)
            .OrderBy(static family => family.Name, StringComparer.Ordinal)];
    }

    private void Line()
    {
        switch (_cursor.Current)
        {
            case (byte)'#':
                Comment();
                break;
            case (byte)'\n':
                break;
            case (byte)'{':
                Sample(new LabelBlockReader(_cursor, null).Read(Family, out _family));
                break;
            default:
                var name = _cursor.Name(colon: true);
                if (name.Length == 0)
                {
                    throw _cursor.Fault("invalid metric name");
                }
                _family = Family(name);
                _cursor.SkipBlanksHere();
                Sample(_cursor.Current == '{' ? new LabelBlockReader(_cursor, _family).Read(Family, out _family) : new LabelBlock());
                break;
        }
    }

    private void Comment()
    {
        _cursor.SkipBlanks();
        if (_cursor.AtLineEnd)
        {
            return;
        }
        var keyword = _cursor.UntilBlank();
        if (_cursor.AtLineEnd)
        {
            return;
        }
        if (keyword is not ("HELP" or "TYPE"))
        {
            _cursor.SkipLine();
            return;
        }
        _cursor.SkipBlanks();
        var name = _cursor.Name(colon: true);
        if (_cursor.AtLineEnd)
        {
            return;
        }
        if (!_cursor.AtBlank)
        {
            throw _cursor.Fault("invalid metric name in comment");
        }
        var family = FamilyOfComment(name);
        _cursor.SkipBlanks();
        if (_cursor.AtLineEnd)
        {
            return;
        }
        if (keyword == "HELP")
        {
            family.Help = family.Help is null ? _cursor.RestOfLine(escapes: true)
                : throw _cursor.Fault($"second HELP line for metric name {GoQuote.Quote(family.Name)}");
        }
        else
        {
            family.Kind = family.Kind is null ? Kind(_cursor.RestOfLine(escapes: false))
                : throw _cursor.Fault($"second TYPE line for metric name {GoQuote.Quote(family.Name)}, or TYPE reported after samples");
        }
    }

    private TextFamilyKind Kind(string text) =>
        Enum.TryParse<TextFamilyKind>(text, ignoreCase: true, out var kind) && Enum.IsDefined(kind) && !char.IsAsciiDigit(text[0])
            ? kind : throw _cursor.Fault($"unknown metric type {GoQuote.Quote(text)}");

    private void Sample(LabelBlock labels)
    {
        var metric = MetricOf(labels);
        var text = _cursor.UntilBlank();
        if (!LabelBlockReader.TryNumber(text, out var value))
        {
            throw _cursor.Fault($"expected float as value, got {GoQuote.Quote(text)}");
        }
        if (_family!.Kind is not (TextFamilyKind.Summary or TextFamilyKind.Histogram))
        {
            metric.Value = value;
        }
        else if (_suffix == "_count")
        {
            metric.Count = value;
        }
        else if (_suffix == "_sum")
        {
            metric.Sum = value;
        }
        else if (labels.Limit is { } limit)
        {
            metric.Points.Add((limit, value));
        }
        if (!_cursor.AtLineEnd)
        {
            Timestamp(metric);
        }
    }

    private void Timestamp(TextMetric metric)
    {
        _cursor.SkipBlanks();
        var text = _cursor.UntilBlank();
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestampMs))
        {
            throw _cursor.Fault($"expected integer as timestamp, got {GoQuote.Quote(text)}");
        }
        metric.TimestampMs = timestampMs;
        if (_cursor.RestOfLine(escapes: false) is { Length: > 0 } rest)
        {
            throw _cursor.Fault($"spurious string after timestamp: {GoQuote.Quote(rest)}");
        }
    }

    /// <summary>The lines of one summary or histogram share a metric; every other line is one.</summary>
    private TextMetric MetricOf(LabelBlock labels)
    {
        var metric = new TextMetric();
        metric.Labels.AddRange(labels.Labels);
        if (_family!.Kind is TextFamilyKind.Summary or TextFamilyKind.Histogram)
        {
            var key = new StringBuilder(_family.Name);
            foreach (var (name, value) in labels.Labels.OrderBy(static label => label.Key, StringComparer.Ordinal))
            {
                key.Append('\0').Append(name).Append('\0').Append(value);
            }
            if (_grouped.TryGetValue(key.ToString(), out var known))
            {
                return known;
            }
            _grouped.Add(key.ToString(), metric);
        }
        _family.Metrics.Add(metric);
        return metric;
    }

    private TextFamily Family(string name)
    {
        var family = FamilyOfComment(name);
        family.Kind ??= TextFamilyKind.Untyped;
        return family;
    }

    private TextFamily FamilyOfComment(string name)
    {
        _suffix = "";
        if (_families.TryGetValue(name, out var family) || OwnerOf(name, "_count", out family) || OwnerOf(name, "_sum", out family)
            || OwnerOf(name, "_bucket", out family))
        {
            return family;
        }
        return _families[name] = new TextFamily(name);
    }

    private bool OwnerOf(string name, string suffix, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TextFamily? family)
    {
        family = null;
        if (name.Length <= suffix.Length || !name.EndsWith(suffix, StringComparison.Ordinal)
            || !_families.TryGetValue(name[..^suffix.Length], out family)
            || !(family.Kind is TextFamilyKind.Histogram || (family.Kind is TextFamilyKind.Summary && suffix != "_bucket")))
        {
            return false;
        }
        _suffix = suffix;
        return true;
    }
}
