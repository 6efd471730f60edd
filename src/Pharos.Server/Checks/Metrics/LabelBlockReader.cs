using Pharos.Storage.Text;

namespace Pharos.Server.Checks.Metrics;

/// <summary>Reads the braces of a line; the metric's name may stand in them, in quotes.</summary>
/// <param name="family">Null where the line begins with the brace.</param>
internal sealed class LabelBlockReader(TextCursor cursor, TextFamily? family)
{
    private const string Name = "__name__";

    private readonly LabelBlock _block = new();
    private readonly bool _nameInside = family is null;
    private TextFamily? _family = family;

    /// <summary>Reads from the opening brace to the first byte of the value.</summary>
    /// <param name="families">Finds or makes the family of a name.</param>
    public LabelBlock Read(Func<string, TextFamily> families, out TextFamily family)
    {
        while (true)
        {
            cursor.SkipBlanks();
            if (cursor.Current == '}' || !Label(families))
            {
                break;
            }
        }
        family = _family ?? throw cursor.Fault("invalid metric name");
        cursor.SkipBlanks();
        return _block;
    }

    /// <returns>False after the last one.</returns>
    private bool Label(Func<string, TextFamily> families)
    {
        var name = cursor.Name(colon: false);
        if (name.Length == 0)
        {
            throw cursor.Fault($"invalid label name for metric {GoQuote.Quote(_family?.Name ?? "")}");
        }
        cursor.SkipBlanksHere();
        if (cursor.Current != '=')
        {
            MetricName(name, families);
            return cursor.Current == ',';
        }
        if (name == Name)
        {
            throw cursor.Fault($"label name {GoQuote.Quote(Name)} is reserved");
        }
        var limit = IsLimit(name);
        if (!limit && _block.Labels.Exists(label => label.Key == name))
        {
            throw cursor.Fault($"duplicate label names for metric {GoQuote.Quote(_family?.Name ?? "")}");
        }
        var value = Value();
        if (limit)
        {
            _block.Limit = TryNumber(value, out var number) ? (double.IsNaN(number) ? null : number)
                : throw cursor.Fault($"expected float as value for '{name}' label, got {GoQuote.Quote(value)}");
        }
        else
        {
            _block.Labels.Add(new(name, value));
        }
        cursor.SkipBlanks();
        return cursor.Current is (byte)',' or (byte)'}' ? cursor.Current == ','
            : throw cursor.Fault($"unexpected end of label value {GoQuote.Quote(value)}");
    }

    private void MetricName(string name, Func<string, TextFamily> families)
    {
        if (!_nameInside)
        {
            throw cursor.Fault($"expected '=' after label name, found {TextCursor.Quote(cursor.Current)}");
        }
        if (_family is not null)
        {
            throw cursor.Fault($"multiple metric names for metric {GoQuote.Quote(_family.Name)}");
        }
        if (cursor.Current is not ((byte)',' or (byte)'}'))
        {
            throw cursor.Fault($"unexpected end of metric name {TextCursor.Quote(cursor.Current)}");
        }
        _family = families(name);
    }

    private string Value()
    {
        cursor.SkipBlanks();
        if (cursor.Current != '"')
        {
            throw cursor.Fault($"expected '\"' at start of label value, found {TextCursor.Quote(cursor.Current)}");
        }
        var value = cursor.QuotedValue();
        return GoQuote.IsUtf8(value) ? value : throw cursor.Fault($"invalid label value {GoQuote.Quote(value)}");
    }

    private bool IsLimit(string name) => _family?.Kind switch
    {
        TextFamilyKind.Summary => name == "quantile",
        TextFamilyKind.Histogram => name == "le",
        _ => false,
    };

    /// <summary>Go's numbers without hexadecimal exponents and underscores.</summary>
    public static bool TryNumber(string text, out double number)
    {
        number = 0;
        return text.AsSpan().IndexOfAny('p', 'P', '_') < 0 && GoFloat.TryParse(text, out number);
    }
}
