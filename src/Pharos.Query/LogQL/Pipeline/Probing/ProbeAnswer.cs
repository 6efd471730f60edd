namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>What a look at a line's bytes tells about it.</summary>
internal enum ProbeAnswer
{
    /// <summary>Only the stages can tell.</summary>
    Unsure,

    /// <summary>The stages will drop the line.</summary>
    Drops,

    /// <summary>The condition holds: it is for the stages to make the labels.</summary>
    Holds,
}
