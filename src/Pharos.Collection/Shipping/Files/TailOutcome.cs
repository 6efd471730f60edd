namespace Pharos.Collection.Shipping.Files;

/// <summary>What a look at a file gave.</summary>
internal enum TailOutcome
{
    /// <summary>Lines were read, and there may be more.</summary>
    Progress,

    /// <summary>There is nothing new.</summary>
    End,

    /// <summary>The content is not the one that was read before.</summary>
    Replaced,
}
