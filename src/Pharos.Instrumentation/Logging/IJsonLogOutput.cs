namespace Pharos.Instrumentation.Logging;

/// <summary>Takes lines from the one task that writes.</summary>
internal interface IJsonLogOutput : IAsyncDisposable
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> line);

    ValueTask FlushAsync();
}
