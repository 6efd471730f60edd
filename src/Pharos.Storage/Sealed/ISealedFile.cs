namespace Pharos.Storage.Sealed;

/// <summary>A file of sealed data, open for reading until its last holder releases it; opening holds it once, for the store.</summary>
internal interface ISealedFile
{
    string FilePath { get; }

    long SizeBytes { get; }

    /// <summary>Whether something of it was found damaged and is left out.</summary>
    bool IsDamaged { get; }

    void Acquire();

    void Release();

    static void ReleaseAll(IEnumerable<ISealedFile> files)
    {
        foreach (var file in files)
        {
            file.Release();
        }
    }
}
