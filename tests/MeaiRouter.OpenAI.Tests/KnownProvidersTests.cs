using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Tests;

public sealed class KnownProvidersTests
{
    [Fact]
    public void Every_known_provider_is_found_by_its_name_and_can_be_called()
    {
        Assert.Equal(
            [
                "openai", "anthropic", "openrouter", "gemini", "deepseek", "mistral", "groq", "xai", "together", "fireworks", "cerebras", "moonshot",
                "ollama",
            ],
            KnownProviders.All.Select(static provider => provider.Name));

        foreach (var provider in KnownProviders.All)
        {
            Assert.True(KnownProviders.TryGet(provider.Name.ToUpperInvariant(), out var found));
            Assert.Same(provider, found);
            Assert.Equal(provider.Name, provider.Dialect.Name);
            Assert.Equal(provider.Name == "ollama" ? "http" : "https", provider.BaseUrl.Scheme);
            Assert.Equal(provider.Name == "ollama" ? null : provider.Name.ToUpperInvariant() + "_API_KEY", provider.KeyVariable);
        }

        Assert.False(KnownProviders.TryGet("acme", out _));
    }

    [Fact]
    public void What_is_known_of_providers_is_in_the_table()
    {
        Assert.True(KnownProviders.TryGet("mistral", out var mistral));
        Assert.Equal((9, true), (mistral.Dialect.Tools.MaxCallIdLength, mistral.Dialect.Tools.FixedCallIds));
        Assert.True(KnownProviders.TryGet("openai", out var openai));
        Assert.True(openai.Spelling.MaxCompletionTokens);
        Assert.True(KnownProviders.TryGet("deepseek", out var deepseek));
        Assert.Equal(ReasoningSpelling.ReasoningContent, deepseek.Spelling.Reasoning);
    }
}
