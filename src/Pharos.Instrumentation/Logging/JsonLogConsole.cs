namespace Pharos.Instrumentation.Logging;

internal sealed class JsonLogConsole : IJsonLogOutput
{
    private readonly Stream _output = new BufferedStream(Console.OpenStandardOutput(), 16 << 10);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> line) => _output.WriteAsync(line);

    public ValueTask FlushAsync() => new(_output.FlushAsync());

    public ValueTask DisposeAsync() => _output.DisposeAsync();
}
