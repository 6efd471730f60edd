namespace Pharos.Collection.Receivers.Loki.Enrichment;

/// <summary>Finds the level of a line: by a field where the line is JSON or logfmt, else by the first word that names a level.</summary>
internal static class LevelDetection
{
    /// <summary>Objects inside one another in which fields are looked for; Loki's default of <c>log_level_from_json_max_depth</c>.</summary>
    private const int MaxDepth = 2;

    /// <summary>What an array adds to the depth: nothing inside of one counts.</summary>
    private const int ArrayDepth = 1000;

    /// <returns>One of the levels; <c>unknown</c> where the line says none.</returns>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> line, LevelFields fields)
    {
        var trimmed = line.TrimStart(" \t"u8);
        var value = trimmed is [(byte)'{', ..] ? JsonField(trimmed, fields) : LogfmtField(line, fields);
        if (!value.IsEmpty && LogLevels.OfValue(value) is { IsEmpty: false } level)
        {
            return level;
        }
        var word = FirstWord(line);
        return word.IsEmpty ? LogLevels.Unknown : word;
    }

    private static ReadOnlySpan<byte> JsonField(ReadOnlySpan<byte> line, LevelFields fields)
    {
        var depth = 0;
        for (var at = 0; at < line.Length;)
        {
            switch (line[at++])
            {
                case (byte)'{':
                    depth++;
                    break;
                case (byte)'}':
                    depth--;
                    break;
                case (byte)'[':
                    depth += ArrayDepth;
                    break;
                case (byte)']':
                    depth -= ArrayDepth;
                    break;
                case (byte)'"':
                    var end = EndOfString(line, at);
                    if (end < 0)
                    {
                        return default;
                    }
                    var text = line[at..end];
                    at = end + 1;
                    if (depth <= MaxDepth && fields.Contains(text) && AfterColon(line, at) is var value and >= 0)
                    {
                        return Scalar(line, value);
                    }
                    break;
            }
        }
        return default;
    }

    /// <summary>Where the value begins if the string that ends here is a key; else -1.</summary>
    private static int AfterColon(ReadOnlySpan<byte> line, int at)
    {
        var rest = line[at..].TrimStart(" \t"u8);
        return rest is [(byte)':', ..] ? line.Length - rest[1..].TrimStart(" \t"u8).Length : -1;
    }

    private static ReadOnlySpan<byte> Scalar(ReadOnlySpan<byte> line, int at)
    {
        if (at < line.Length && line[at] == '"')
        {
            var end = EndOfString(line, at + 1);
            return end < 0 ? default : line[(at + 1)..end];
        }
        var rest = line[at..];
        var stop = rest.IndexOfAny(",} "u8);
        return stop < 0 ? rest : rest[..stop];
    }

    /// <summary>Where the closing quote of a string stands of which <paramref name="at"/> is the first byte; -1 where there is none.</summary>
    private static int EndOfString(ReadOnlySpan<byte> line, int at)
    {
        while (at < line.Length)
        {
            var next = line[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return -1;
            }
            at += next;
            if (line[at] == '"')
            {
                return at;
            }
            at += 2;
        }
        return -1;
    }

    private static ReadOnlySpan<byte> LogfmtField(ReadOnlySpan<byte> line, LevelFields fields)
    {
        var rest = line;
        while (rest.IndexOf((byte)'=') is var equals and > 0)
        {
            var key = rest[..equals];
            key = key[(key.LastIndexOf((byte)' ') + 1)..];
            rest = rest[(equals + 1)..];
            var isQuoted = rest is [(byte)'"', ..];
            var end = isQuoted ? EndOfString(rest, 1) : rest.IndexOf((byte)' ');
            if (fields.Contains(key))
            {
                return end < 0 ? rest : rest[(isQuoted ? 1 : 0)..end];
            }
            if (end < 0)
            {
                return default;
            }
            rest = rest[end..];
        }
        return default;
    }

    /// <summary>The level that the first word says which says one.</summary>
    private static ReadOnlySpan<byte> FirstWord(ReadOnlySpan<byte> line)
    {
        var start = -1;
        for (var i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && IsLetter(line[i]))
            {
                start = start < 0 ? i : start;
                continue;
            }
            if (start >= 0)
            {
                var length = i - start;
                if (length is >= 3 and <= LogLevels.MaxWordBytes && LogLevels.OfWord(line.Slice(start, length)) is { IsEmpty: false } level)
                {
                    return level;
                }
                start = -1;
            }
        }
        return default;
    }

    private static bool IsLetter(byte value) => (uint)((value | 0x20) - 'a') <= 'z' - 'a';
}
