using System.Collections.Frozen;

namespace MeaiRouter.Diagnostics;

/// <summary>The names that the conventions (1.41) have for providers and that are not the names people configure them by.</summary>
internal static class ConventionalNames
{
    private static readonly FrozenDictionary<string, string> Providers = new Dictionary<string, string>
    {
        ["azure"] = "azure.ai.openai",
        ["bedrock"] = "aws.bedrock",
        ["gemini"] = "gcp.gemini",
        ["mistral"] = "mistral_ai",
        ["moonshot"] = "moonshot_ai",
        ["vertex"] = "gcp.vertex_ai",
        ["watsonx"] = "ibm.watsonx.ai",
        ["xai"] = "x_ai",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>A provider's name by the conventions; its own where they have none, or the same.</summary>
    public static string Of(string provider) => Providers.GetValueOrDefault(provider, provider);
}
