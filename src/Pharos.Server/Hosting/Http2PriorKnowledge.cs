using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Pharos.Server.Hosting;

/// <summary>Lets clients that begin with HTTP/2 at once, as gRPC's without TLS do, use the port that speaks HTTP/1.1.</summary>
/// <remarks>Kestrel chooses HTTP/2 by what TLS negotiated, and without TLS always takes HTTP/1.1. A connection that begins with
/// HTTP/2's preface, which is no HTTP/1 request, is therefore marked as if h2 had been negotiated; the scheme of its requests
/// stays what they say, for which <see cref="KestrelServerOptions.AllowAlternateSchemes"/> must be set.</remarks>
internal static class Http2PriorKnowledge
{
    /// <summary>As long as Kestrel keeps an idle connection.</summary>
    private static readonly TimeSpan FirstBytesWithin = TimeSpan.FromSeconds(130);

    // RFC 9113, 3.4: the preface begins with a method that no HTTP/1 request has.
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0"u8;

    public static void Use(ListenOptions listen) => listen.Use(next => async connection =>
    {
        if (connection.Features.Get<ITlsConnectionFeature>() is null && await BeginsWithPrefaceAsync(connection))
        {
            connection.Features.Set<ITlsConnectionFeature>(new NoCertificate());
            connection.Features.Set<ITlsApplicationProtocolFeature>(new Http2Protocol());
        }
        await next(connection);
    });

    private static async Task<bool> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        using var limit = new CancellationTokenSource(FirstBytesWithin);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                var known = Compare(read.Buffer);
                // Looked at and not taken: the next reader gets all of it.
                input.AdvanceTo(read.Buffer.Start, known is null ? read.Buffer.End : read.Buffer.Start);
                if (known is not null || read.IsCompleted)
                {
                    return known == true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
            return false;
        }
    }

    /// <summary>Null where too little has come to tell.</summary>
    private static bool? Compare(ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, first.Length);
        buffer.Slice(0, length).CopyTo(first);
        if (!first[..length].SequenceEqual(Preface[..length]))
        {
            return false;
        }
        return length == Preface.Length ? true : null;
    }

    private sealed class NoCertificate : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult<X509Certificate2?>(null);
    }

    private sealed class Http2Protocol : ITlsApplicationProtocolFeature
    {
        private static readonly byte[] Name = "h2"u8.ToArray();

        public ReadOnlyMemory<byte> ApplicationProtocol => Name;
    }
}
