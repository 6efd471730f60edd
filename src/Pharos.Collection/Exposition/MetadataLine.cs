namespace Pharos.Collection.Exposition;

/// <summary>Tells the lines with metadata from comments, and steps to the family's name.</summary>
internal static class MetadataLine
{
    /// <summary><c># HELP name ...</c> and <c># TYPE name ...</c>, with any white space between the words; null for a comment.</summary>
    public static ExpositionEntry? InPrometheusText(ref TextCursor cursor)
    {
        var rest = cursor.Rest[1..];
        var words = rest.TrimStart(" \t"u8);
        var isHelp = words.StartsWith("HELP"u8);
        if (words.Length == rest.Length || (!isHelp && !words.StartsWith("TYPE"u8)))
        {
            return null;
        }
        var name = words["HELP"u8.Length..].TrimStart(" \t"u8);
        if (name.Length == words.Length - "HELP"u8.Length)
        {
            return null;
        }
        cursor.At = cursor.Body.Length - name.Length;
        return isHelp ? ExpositionEntry.Help : ExpositionEntry.Type;
    }

    /// <summary>OpenMetrics knows no comments: null for anything else.</summary>
    public static ExpositionEntry? InOpenMetrics(ref TextCursor cursor)
    {
        ExpositionEntry? kind = cursor.Rest.StartsWith("# HELP "u8) ? ExpositionEntry.Help
            : cursor.Rest.StartsWith("# TYPE "u8) ? ExpositionEntry.Type
            : cursor.Rest.StartsWith("# UNIT "u8) ? ExpositionEntry.Unit : null;
        cursor.At += kind is null ? 0 : "# HELP "u8.Length;
        return kind;
    }
}
