using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Extensions.AI;

/// <summary>Verbs of Microsoft.Extensions.AI that snippets show and the stand-in lacks, by their public shape.</summary>
[SuppressMessage("Style", "IDE0060", Justification = "Only the shape matters.")]
internal static class OfTheRealPackage
{
    public static ChatClientBuilder UseFunctionInvocation(this ChatClientBuilder builder) => builder;

    public static ChatClientBuilder UseOpenTelemetry(this ChatClientBuilder builder, string? sourceName = null) => builder;
}
