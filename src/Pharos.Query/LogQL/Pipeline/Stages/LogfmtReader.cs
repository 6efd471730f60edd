namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Reads pairs one by one.</summary>
internal static class LogfmtReader
{
    /// <summary>Reads the next pair, or what stands in the place of one; false at the end.</summary>
    public static bool Next(ReadOnlySpan<byte> line, ref int at, out LogfmtPair pair)
    {
        pair = default;
        while (at < line.Length && line[at] <= ' ')
        {
            at++;
        }
        if (at >= line.Length)
        {
            return false;
        }
        var start = at;
        while (at < line.Length && line[at] > ' ' && line[at] is not ((byte)'=' or (byte)'"'))
        {
            at++;
        }
        pair.Key = line[start..at];
        if (at >= line.Length || line[at] <= ' ')
        {
            return true;
        }
        if (line[at] == '"' || at == start)
        {
            return Fail(line, ref at, ref pair, $"unexpected '{(char)line[at]}'");
        }
        if (!System.Text.Unicode.Utf8.IsValid(pair.Key))
        {
            return Fail(line, ref at, ref pair, "invalid key");
        }
        at++;
        if (at >= line.Length || line[at] <= ' ')
        {
            return true;
        }
        return line[at] == '"' ? Quoted(line, ref at, ref pair) : Bare(line, ref at, ref pair);
    }

    private static bool Bare(ReadOnlySpan<byte> line, ref int at, ref LogfmtPair pair)
    {
        var start = at;
        while (at < line.Length && line[at] > ' ')
        {
            if (line[at] is (byte)'=' or (byte)'"')
            {
                return Fail(line, ref at, ref pair, $"unexpected '{(char)line[at]}'");
            }
            at++;
        }
        pair.Value = line[start..at];
        return true;
    }

    private static bool Quoted(ReadOnlySpan<byte> line, ref int at, ref LogfmtPair pair)
    {
        var start = at + 1;
        for (var i = start; i < line.Length; i++)
        {
            var found = line[i..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0)
            {
                break;
            }
            i += found;
            if (line[i] == '"')
            {
                pair.Value = line[start..i];
                at = i + 1;
                return true;
            }
            pair.IsEscaped = true;
            i++;
        }
        at = line.Length;
        pair.Fault = "unterminated quoted value";
        pair.FaultAt = line.Length;
        return true;
    }

    /// <summary>Goes on behind the next blank.</summary>
    private static bool Fail(ReadOnlySpan<byte> line, ref int at, ref LogfmtPair pair, string fault)
    {
        pair.Fault = fault;
        pair.FaultAt = at;
        while (at < line.Length && line[at] > ' ')
        {
            at++;
        }
        return true;
    }
}
