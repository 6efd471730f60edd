using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Values;

/// <summary>A value of TraceQL.</summary>
public readonly struct TraceValue : IEquatable<TraceValue>
{
    private static readonly string[] Kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"];
    private static readonly string[] Statuses = ["unset", "ok", "error"];

    private readonly long _bits;
    private readonly object? _content;

    private TraceValue(TraceValueKind type, long bits, object? content)
    {
        Type = type;
        _bits = bits;
        _content = content;
    }

    public static TraceValue Nil => default;

    public static TraceValue True => OfBool(true);

    public static TraceValue False => OfBool(false);

    public TraceValueKind Type { get; }

    public bool IsNil => Type == TraceValueKind.Nil;

    /// <summary>Whether it is the truth value true.</summary>
    public bool IsTrue => Type == TraceValueKind.Bool && _bits != 0;

    public bool IsNumber => Type is TraceValueKind.Int or TraceValueKind.Float or TraceValueKind.Duration;

    /// <summary>Of an integer, a duration in nanoseconds, a status and a kind.</summary>
    public long Int => _bits;

    /// <summary>Of a number; NaN of anything else.</summary>
    public double Number => Type switch
    {
        TraceValueKind.Int or TraceValueKind.Duration => _bits,
        TraceValueKind.Float => BitConverter.Int64BitsToDouble(_bits),
        _ => double.NaN,
    };

    public string Text => (string?)_content ?? "";

    /// <summary>Of <see cref="TraceValueKind.List"/> and <see cref="TraceValueKind.Several"/>.</summary>
    public IReadOnlyList<TraceValue> Items => (TraceValue[]?)_content ?? [];

    public static TraceValue OfBool(bool value) => new(TraceValueKind.Bool, value ? 1 : 0, null);

    public static TraceValue OfInt(long value) => new(TraceValueKind.Int, value, null);

    public static TraceValue OfFloat(double value) => new(TraceValueKind.Float, BitConverter.DoubleToInt64Bits(value), null);

    public static TraceValue OfDuration(long ns) => new(TraceValueKind.Duration, ns, null);

    public static TraceValue OfText(string value) => new(TraceValueKind.Text, 0, value);

    public static TraceValue OfStatus(SpanStatus value) => new(TraceValueKind.Status, (long)value, null);

    public static TraceValue OfKind(SpanKind value) => new(TraceValueKind.Kind, (long)value, null);

    public static TraceValue OfList(TraceValue[] items) => new(TraceValueKind.List, 0, items);

    /// <summary>None is nothing, one is itself.</summary>
    public static TraceValue OfSeveral(List<TraceValue> items) => items.Count switch
    {
        0 => Nil,
        1 => items[0],
        _ => new TraceValue(TraceValueKind.Several, 0, items.ToArray()),
    };

    /// <summary>The value of an attribute.</summary>
    public static TraceValue Of(AttributeValue value) => value.Kind switch
    {
        AttributeKind.Text => OfText(value.Text),
        AttributeKind.Bool => OfBool(value.Bool),
        AttributeKind.Int => OfInt(value.Int),
        AttributeKind.Double => OfFloat(value.Double),
        AttributeKind.Empty => Nil,
        AttributeKind.Array => OfJson(value.Text),
        _ => new TraceValue(TraceValueKind.Other, 0, value.ToString()),
    };

    public bool Equals(TraceValue other)
    {
        if (Type != other.Type || _bits != other._bits)
        {
            return false;
        }
        return _content is TraceValue[] items ? items.AsSpan().SequenceEqual((TraceValue[])other._content!) : Text == other.Text;
    }

    public override bool Equals(object? obj) => obj is TraceValue other && Equals(other);

    public override int GetHashCode() => _content is TraceValue[] items
        ? HashCode.Combine(Type, items.Length, items.Length > 0 ? items[0] : Nil) : HashCode.Combine(Type, _bits, _content);

    public static bool operator ==(TraceValue left, TraceValue right) => left.Equals(right);

    public static bool operator !=(TraceValue left, TraceValue right) => !left.Equals(right);

    /// <summary>As a query writes it: texts in quotes.</summary>
    public override string ToString() => Type switch
    {
        TraceValueKind.Text => GoQuote.Quote(Text),
        TraceValueKind.List or TraceValueKind.Several => $"[{string.Join(',', Items)}]",
        // A float stays one when it is read again; the least integer has no digits that can be read.
        TraceValueKind.Float when ToPlainText() is var text => double.IsFinite(Number) && text.AsSpan().IndexOfAny(".e") < 0 ? text + ".0" : text,
        TraceValueKind.Int when _bits == long.MinValue => "minInt",
        _ => ToPlainText(),
    };

    /// <summary>As a list of values shows it: texts as they are.</summary>
    public string ToPlainText() => Type switch
    {
        TraceValueKind.Nil => "nil",
        TraceValueKind.Bool => _bits != 0 ? "true" : "false",
        TraceValueKind.Int => _bits.ToString(CultureInfo.InvariantCulture),
        TraceValueKind.Float => GoFloat.FormatG(Number),
        TraceValueKind.Duration => FormatDuration(_bits),
        TraceValueKind.Status => Statuses[Math.Clamp(_bits, 0, Statuses.Length - 1)],
        TraceValueKind.Kind => Kinds[Math.Clamp(_bits, 0, Kinds.Length - 1)],
        TraceValueKind.Text or TraceValueKind.Other => Text,
        _ => $"[{string.Join(',', Items.Select(static item => item.ToPlainText()))}]",
    };

    private static string FormatDuration(long ns)
    {
        // Ticks hold no single nanoseconds.
        if (ns % TimeSpan.NanosecondsPerTick == 0)
        {
            return GoDuration.Format(TimeSpan.FromTicks(ns / TimeSpan.NanosecondsPerTick));
        }
        var size = Math.Abs((decimal)ns);
        var (unit, name) = size < 1_000 ? (1m, "ns") : size < 1_000_000 ? (1_000m, "µs") : size < 1_000_000_000 ? (1_000_000m, "ms") : (1_000_000_000m, "s");
        if (name != "s" || size < 60_000_000_000m)
        {
            return (ns / unit).ToString("0.#########", CultureInfo.InvariantCulture) + name;
        }
        var minutes = Math.Truncate(size / 60_000_000_000m);
        var seconds = ((size - (minutes * 60_000_000_000m)) / unit).ToString("0.#########", CultureInfo.InvariantCulture);
        var hours = Math.Truncate(minutes / 60);
        return $"{(ns < 0 ? "-" : "")}{(hours > 0 ? $"{hours}h" : "")}{minutes - (hours * 60)}m{seconds}s";
    }

    private static TraceValue OfJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? OfList([.. document.RootElement.EnumerateArray().Select(OfItem)]) : OfList([]);
        }
        catch (JsonException)
        {
            return OfList([]);
        }
    }

    private static TraceValue OfItem(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => OfText(item.GetString()!),
        JsonValueKind.True => True,
        JsonValueKind.False => False,
        JsonValueKind.Null => Nil,
        JsonValueKind.Number when item.GetRawText().AsSpan().IndexOfAny(".eE") < 0 && item.TryGetInt64(out var integer) => OfInt(integer),
        JsonValueKind.Number => OfFloat(item.GetDouble()),
        _ => new TraceValue(TraceValueKind.Other, 0, item.GetRawText()),
    };
}
