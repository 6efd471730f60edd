namespace Pharos.Collection.Relabeling;

/// <summary>Whether a string could have come from valid UTF-8; since Prometheus 3 a name need only be that, and not empty.</summary>
internal static class Utf8Names
{
    /// <summary>False where half of a surrogate pair stands alone.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return false;
            }
            i++;
        }
        return true;
    }
}
