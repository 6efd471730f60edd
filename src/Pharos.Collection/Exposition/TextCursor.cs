namespace Pharos.Collection.Exposition;

/// <summary>A place in a text body, and the steps that the text formats have in common.</summary>
internal ref struct TextCursor(ReadOnlySpan<byte> body, bool skipsBlanks)
{
    private readonly bool _skipsBlanks = skipsBlanks;

    public ReadOnlySpan<byte> Body { get; } = body;

    public int At { get; set; }

    public readonly bool IsAtEnd => At >= Body.Length;

    public readonly ReadOnlySpan<byte> Rest => Body[At..];

    public readonly bool Is(char wanted) => At < Body.Length && Body[At] == wanted;

    public ReadOnlySpan<byte> TakeUntil(ReadOnlySpan<byte> stops)
    {
        var length = Rest.IndexOfAny(stops);
        var token = length < 0 ? Rest : Body.Slice(At, length);
        At += token.Length;
        return token;
    }

    /// <summary>The rest of the line; steps over its end.</summary>
    public ReadOnlySpan<byte> TakeLine()
    {
        var line = TakeUntil("\n"u8);
        At = Math.Min(At + 1, Body.Length);
        return line;
    }

    /// <summary>Steps over a line's end, or stands at the end of the body.</summary>
    public bool TakeLineEnd()
    {
        if (!IsAtEnd && !Is('\n'))
        {
            return false;
        }
        At = Math.Min(At + 1, Body.Length);
        return true;
    }

    /// <summary>Where the format allows white space anywhere.</summary>
    public void SkipBlanks()
    {
        while (_skipsBlanks && At < Body.Length && Body[At] is (byte)' ' or (byte)'\t')
        {
            At++;
        }
    }
}
