namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>What stands behind a field's name.</summary>
internal enum JsonFieldKind
{
    /// <summary>A text, behind its first quote.</summary>
    Text,

    /// <summary>What begins as a number does.</summary>
    Number,

    /// <summary>Another object.</summary>
    Object,

    /// <summary>A truth value, null or an array, or what is none of all.</summary>
    Other,

    /// <summary>No field: the end of the outermost object.</summary>
    End,
}
