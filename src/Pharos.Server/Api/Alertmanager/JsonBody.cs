using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Alertmanager;

/// <summary>A body that is to be read as JSON, in a buffer of its own: what of it is no text is repaired in place.</summary>
internal sealed class JsonBody(PooledBuffer body) : IDisposable
{
    public Memory<byte> Bytes => MemoryMarshal.AsMemory(body.Written);

    /// <param name="maxBytes">Where the server's own bound is not enough.</param>
    /// <exception cref="SchemaException">The body is larger than that.</exception>
    public static async Task<JsonBody> ReadAsync(HttpContext context, int maxBytes = WholeBody.MaxUnpackedBytes)
    {
        try
        {
            return new JsonBody(await WholeBody.ReadAsync(context.Request, maxBytes, context.RequestAborted));
        }
        catch (InvalidDataException)
        {
            throw new SchemaException(StatusCodes.Status413PayloadTooLarge, $"body is larger than the {maxBytes} bytes that are allowed here");
        }
    }

    public void Dispose() => body.Dispose();
}
