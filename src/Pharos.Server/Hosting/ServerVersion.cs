using System.Buffers;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pharos.Server.Hosting;

/// <summary>The version of this program, in the shape that the peers' APIs give it.</summary>
public static class ServerVersion
{
    /// <summary>The informational version, or the assembly's: <c>0.1.0+COMMIT</c>.</summary>
    public static string Full { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static string Number => Full.Split('+')[0];

    public static string Revision => Full.Split('+') is [_, var revision, ..] ? revision : "unknown";

    /// <summary><c>/version</c>: the fields as JSON under the media type of a text, as Prometheus sends them.</summary>
    internal static Task AnswerAsync(HttpContext context)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            WriteFields(json);
            json.WriteEndObject();
        }
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.BodyWriter.WriteAsync((byte[])[.. bytes.WrittenSpan, (byte)'\n'], context.RequestAborted).AsTask();
    }

    /// <param name="version">That of a peer whose API is spoken; this program's by default.</param>
    internal static void WriteFields(Utf8JsonWriter json, string? version = null, string? revision = null)
    {
        json.WriteString("version", version ?? Number);
        json.WriteString("revision", revision ?? Revision);
        json.WriteString("branch", "HEAD");
        json.WriteString("buildUser", "");
        json.WriteString("buildDate", "");
        // The peers' clients require the field; here it names the run time that takes Go's place.
        json.WriteString("goVersion", RuntimeInformation.FrameworkDescription);
    }
}
