using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>A request's body in a buffer of the pool, which takes it back at the end.</summary>
/// <remarks>A batch of alerts is larger than what the collector moves cheaply, and one comes every few seconds.</remarks>
internal sealed class RequestBody : IDisposable
{
    private const int FirstSizeBytes = 64 * 1024;

    /// <summary>What a caller says about a body's length is believed up to here.</summary>
    private const int MaxFirstSizeBytes = 4 * 1024 * 1024;

    private byte[] _buffer;
    private int _length;

    private RequestBody(int size) => _buffer = ArrayPool<byte>.Shared.Rent(size);

    public Memory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <param name="maxBytes">Where the server's own bound is not enough.</param>
    /// <exception cref="SchemaException">The body is larger than that.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context, int maxBytes = int.MaxValue)
    {
        RefuseAbove(maxBytes, context.Request.ContentLength ?? 0);
        // One byte more, so that the end is seen without growing.
        var expected = (int)Math.Min(context.Request.ContentLength ?? FirstSizeBytes, MaxFirstSizeBytes) + 1;
        var body = new RequestBody(expected);
        try
        {
            while (true)
            {
                var read = await context.Request.Body.ReadAsync(body._buffer.AsMemory(body._length), context.RequestAborted);
                if (read == 0)
                {
                    return body;
                }
                body._length += read;
                RefuseAbove(maxBytes, body._length);
                body.MakeRoom();
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private static void RefuseAbove(int maxBytes, long length)
    {
        if (length > maxBytes)
        {
            throw new SchemaException(StatusCodes.Status413PayloadTooLarge, $"body is larger than the {maxBytes} bytes that are allowed here");
        }
    }

    private void MakeRoom()
    {
        if (_length < _buffer.Length)
        {
            return;
        }
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
