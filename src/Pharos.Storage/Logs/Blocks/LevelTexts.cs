
namespace Pharos.Storage.Logs.Blocks;

/// <summary>The texts of levels, each once: there are a few, and every block names them.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LevelTexts
{
    /// <summary>Whoever writes other things into the level gets texts of their own beyond this.</summary>
    private const int MaxKept = 64;

    private volatile (byte[] Bytes, string Text)[] _known = [([], "")];

    public string Text(ReadOnlySpan<byte> bytes)
    {
        var known = _known;
        foreach (var (knownBytes, text) in known)
        {
            if (bytes.SequenceEqual(knownBytes))
            {
                return text;
            }
        }
        var made = System.Text.Encoding.UTF8.GetString(bytes);
        if (known.Length < MaxKept)
        {
            // Of two threads that add at once one may win; the other's text is found anew the next time.
            _known = [.. known, (bytes.ToArray(), made)];
        }
        return made;
    }
}
