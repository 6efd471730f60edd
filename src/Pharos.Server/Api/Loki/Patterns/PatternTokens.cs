using System.IO.Hashing;
using System.Text;

namespace Pharos.Server.Api.Loki.Patterns;

/// <summary>A line cut into words and signs; words with a digit are what differs from line to line.</summary>
/// <remarks>Not thread-safe: its room is used again for the next line.</remarks>
internal sealed class PatternTokens
{
    /// <summary>The token that stands for anything.</summary>
    public const ulong Variable = 0;

    /// <summary>What stands behind so many tokens counts as one that differs.</summary>
    private const int MaxTokens = 128;

    private readonly ulong[] _tokens = new ulong[MaxTokens];
    private readonly (int Start, int Length, bool Space)[] _places = new (int, int, bool)[MaxTokens];
    private int _count;

    public ReadOnlySpan<ulong> Tokens => _tokens.AsSpan(0, _count);

    public void Read(ReadOnlySpan<byte> line)
    {
        _count = 0;
        var space = false;
        for (var at = 0; at < line.Length;)
        {
            if (line[at] is (byte)' ' or (byte)'\t')
            {
                space = _count > 0;
                at++;
                continue;
            }
            var start = at++;
            var hasDigit = char.IsAsciiDigit((char)line[start]);
            if (IsWord(line[start]))
            {
                while (at < line.Length && IsWord(line[at]))
                {
                    hasDigit |= char.IsAsciiDigit((char)line[at++]);
                }
            }
            if (_count == MaxTokens - 1)
            {
                (at, hasDigit) = (line.Length, true);
            }
            _tokens[_count] = hasDigit ? Variable : Math.Max(1, XxHash3.HashToUInt64(line[start..at]));
            _places[_count++] = (start, at - start, space);
            space = false;
        }
    }

    /// <summary>A cluster of this line alone.</summary>
    public PatternCluster ToCluster(ReadOnlySpan<byte> line)
    {
        var texts = new string[_count];
        var spaces = new bool[_count];
        for (var i = 0; i < _count; i++)
        {
            var (start, length, space) = _places[i];
            texts[i] = Encoding.UTF8.GetString(line.Slice(start, length));
            spaces[i] = space;
        }
        return new PatternCluster(Tokens.ToArray(), texts, spaces);
    }

    private static bool IsWord(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter >= 0x80 || letter is (byte)'_' or (byte)'-' or (byte)'.';
}
