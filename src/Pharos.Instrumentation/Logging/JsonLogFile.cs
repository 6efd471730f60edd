namespace Pharos.Instrumentation.Logging;

/// <summary>A file that is renamed to <c>.1</c> when it is long enough; whoever reads it may hold it open.</summary>
internal sealed class JsonLogFile : IJsonLogOutput
{
    private readonly string _path;
    private readonly long _maxBytes;
    private FileStream? _file;

    public JsonLogFile(string path, long maxBytes)
    {
        _path = path;
        _maxBytes = maxBytes;
        // It exists from the beginning, also for a reader who comes before the first line.
        Open();
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> line)
    {
        var file = _file ?? Open();
        await file.WriteAsync(line).ConfigureAwait(false);
        if (file.Position > _maxBytes)
        {
            await file.DisposeAsync().ConfigureAwait(false);
            _file = null;
            File.Move(_path, _path + ".1", overwrite: true);
        }
    }

    public async ValueTask FlushAsync()
    {
        if (_file is not null)
        {
            await _file.FlushAsync().ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;

    private FileStream Open()
    {
        if (Path.GetDirectoryName(_path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }
        return _file = new FileStream(
            _path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 16 << 10, useAsync: true);
    }
}
