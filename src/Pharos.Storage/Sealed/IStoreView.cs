namespace Pharos.Storage.Sealed;

/// <summary>What of a store serves at one moment. Immutable.</summary>
internal interface IStoreView
{
    IReadOnlyList<ISealedFile> Files { get; }
}
