using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pharos.Collection.Receivers.Loki.Decoding;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Writes lists and maps as the JSON that <see cref="Storage.Traces.AttributeKind.Array"/> describes, into a buffer that is used again.</summary>
internal sealed class NestedValueText : IDisposable
{
    /// <summary>Lists and maps inside one another; deeper ones are refused.</summary>
    public const int MaxDepth = 32;

    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly Utf8Text _text = new();
    private readonly Utf8JsonWriter _writer;

    public NestedValueText() => _writer = new Utf8JsonWriter(
        _buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>Takes structures; texts and numbers go through the methods below, which know how they are kept.</summary>
    public Utf8JsonWriter Writer => _writer;

    public void Begin()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
    }

    /// <summary>What was written; good until the next beginning.</summary>
    public ReadOnlySpan<byte> End()
    {
        _writer.Flush();
        return _buffer.WrittenSpan;
    }

    public void Key(ReadOnlySpan<byte> key) => _writer.WritePropertyName(_text.Valid(key));

    public void Text(ReadOnlySpan<byte> text) => _writer.WriteStringValue(_text.Valid(text));

    /// <summary>With a fraction or an exponent, so that it stays a double.</summary>
    public void Double(double value)
    {
        if (!double.IsFinite(value))
        {
            _writer.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
            return;
        }
        Span<byte> digits = stackalloc byte[32];
        value.TryFormat(digits, out var length, "R", CultureInfo.InvariantCulture);
        if (digits[..length].IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            ".0"u8.CopyTo(digits[length..]);
            length += 2;
        }
        _writer.WriteRawValue(digits[..length], skipInputValidation: true);
    }

    public void Dispose() => _writer.Dispose();

    /// <exception cref="InvalidDataException">It is nested too deep.</exception>
    public static void CheckDepth(int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"an attribute is nested deeper than {MaxDepth} levels");
        }
    }
}
