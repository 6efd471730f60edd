using System.Text.Json;

namespace Pharos.Collection.Receivers.Loki.Decoding;

/// <summary>A JSON reader at its place in a text of which parts are read by other means.</summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> text)
{
    private int _offset;

    public Utf8JsonReader Json = new(text, new JsonReaderOptions { AllowTrailingCommas = false });

    public readonly ReadOnlySpan<byte> Text { get; } = text;

    public readonly int TokenStart => _offset + (int)Json.TokenStartIndex;

    /// <summary>Behind the token at hand.</summary>
    public readonly int Position => _offset + (int)Json.BytesConsumed;

    /// <summary>Goes on at a place where a JSON reader would be in the same state as it is now, such as behind a later item of the same array.</summary>
    /// <remarks>What the reader says of the place of an error is no longer of the whole text.</remarks>
    public void GoOnAt(int position)
    {
        Json = new Utf8JsonReader(Text[position..], isFinalBlock: true, Json.CurrentState);
        _offset = position;
    }
}
