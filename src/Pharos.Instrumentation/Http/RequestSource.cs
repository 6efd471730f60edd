using System.Diagnostics;

namespace Pharos.Instrumentation.Http;

/// <summary>ASP.NET Core makes an activity source of one name for each host: a host exports its own alone.</summary>
internal static class RequestSource
{
    public const string Name = "Microsoft.AspNetCore";

    public static bool IsForeign(ActivitySource source, ActivitySource? own) =>
        source.Name == Name && !ReferenceEquals(source, own);
}
