using System.IO.MemoryMappedFiles;

namespace Pharos.Fuzz.Hunting;

/// <summary>What a hunting process is at, in a mapped file: it outlives the process, however that ends.</summary>
internal sealed class HuntState : IDisposable
{
    private const int CountAt = 0;
    private const int LengthAt = 8;
    private const int InputAt = 16;
    private const int SizeBytes = 1024 * 1024;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public HuntState(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, SizeBytes);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>How many inputs were begun.</summary>
    public long Executions => _view.ReadInt64(CountAt);

    public byte[] Input
    {
        get
        {
            var bytes = new byte[_view.ReadInt32(LengthAt)];
            _view.ReadArray(InputAt, bytes, 0, bytes.Length);
            return bytes;
        }
    }

    public void Begin(byte[] input)
    {
        _view.Write(LengthAt, Math.Min(input.Length, SizeBytes - InputAt));
        _view.WriteArray(InputAt, input, 0, Math.Min(input.Length, SizeBytes - InputAt));
        _view.Write(CountAt, Executions + 1);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
