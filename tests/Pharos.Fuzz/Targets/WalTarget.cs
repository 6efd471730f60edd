using Pharos.Fuzz.Mutation;

namespace Pharos.Fuzz.Targets;

/// <summary>A segment of the store's log as it lies on the disk. Damage is stepped over and counted; a start never fails.</summary>
internal sealed class WalTarget : FuzzTarget, IDisposable
{
    private readonly StoreFiles _store = new();

    public override string Name => "wal";

    public override InputForm Form => InputForm.Bytes;

    public override IEnumerable<byte[]> MadeInputs() => [_store.Written(sealedToo: false)[_store.Segment]];

    public override string Run(byte[] input)
    {
        var files = new MemoryFileSystem { [_store.Segment] = input };
        var (samples, complaints) = _store.ReadAll(files, areSound: true);
        return $"{Shape.Of(samples)} {Shape.Of(complaints)}";
    }

    public void Dispose() => _store.Dispose();
}
