namespace Pharos.Collection.Receivers.Loki.Enrichment;

/// <summary>The levels that entries are told apart by, and the words for them.</summary>
internal static class LogLevels
{
    public const string Name = "detected_level";

    /// <summary>The longest word for a level.</summary>
    public const int MaxWordBytes = 11;

    // Severity numbers of OTLP: four of each kind (opentelemetry/proto/logs/v1, SeverityNumber).
    private static readonly byte[][] BySeverity = [.. new[] { "trace", "debug", "info", "warn", "error", "fatal" }
        .Select(System.Text.Encoding.UTF8.GetBytes)];

    public static ReadOnlySpan<byte> Unknown => "unknown"u8;

    public static ReadOnlySpan<byte> OfSeverityNumber(long number) =>
        number is < 1 or > 24 ? Unknown : BySeverity[(number - 1) / 4];

    /// <summary>The level that a field's value says; empty where it says none.</summary>
    public static ReadOnlySpan<byte> OfValue(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\"[]"u8);
        if (OfWord(value) is { IsEmpty: false } level)
        {
            return level;
        }
        // Pino and bunyan write numbers.
        return value switch
        {
            [(byte)'1', (byte)'0'] => "trace"u8,
            [(byte)'2', (byte)'0'] => "debug"u8,
            [(byte)'3', (byte)'0'] => "info"u8,
            [(byte)'4', (byte)'0'] => "warn"u8,
            [(byte)'5', (byte)'0'] => "error"u8,
            [(byte)'6', (byte)'0'] => "fatal"u8,
            _ => default,
        };
    }

    /// <summary>The level that a word stands for, whatever its case; empty where it stands for none.</summary>
    public static ReadOnlySpan<byte> OfWord(ReadOnlySpan<byte> word)
    {
        if (word.Length is < 3 or > MaxWordBytes)
        {
            return default;
        }
        Span<byte> lower = stackalloc byte[word.Length];
        for (var i = 0; i < word.Length; i++)
        {
            lower[i] = (byte)(word[i] | 0x20);
        }
        return lower[0] switch
        {
            (byte)'t' => Is(lower, "trace"u8, "trc"u8) ? "trace"u8 : default,
            (byte)'d' => Is(lower, "debug"u8, "dbg"u8) ? "debug"u8 : default,
            (byte)'i' => Is(lower, "info"u8, "inf"u8) || lower.SequenceEqual("information"u8) ? "info"u8 : default,
            (byte)'w' => Is(lower, "warn"u8, "warning"u8) || lower.SequenceEqual("wrn"u8) ? "warn"u8 : default,
            (byte)'e' => Is(lower, "error"u8, "err"u8) || lower.SequenceEqual("eror"u8) ? "error"u8 : default,
            (byte)'c' => Is(lower, "critical"u8, "crit"u8) ? "critical"u8 : default,
            (byte)'f' => Is(lower, "fatal"u8, "ftl"u8) ? "fatal"u8 : default,
            (byte)'p' => lower.SequenceEqual("panic"u8) ? "fatal"u8 : default,
            _ => default,
        };
    }

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        word.SequenceEqual(one) || word.SequenceEqual(other);
}
