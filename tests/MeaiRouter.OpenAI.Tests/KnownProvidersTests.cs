using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Tests;

public sealed class KnownProvidersTests
{
    private static readonly string[] Names =
    [
        "openai", "anthropic", "gemini", "mistral", "xai", "cohere", "perplexity", "deepseek", "moonshot", "alibaba", "zai", "minimax", "openrouter",
        "groq", "together", "fireworks", "deepinfra", "cerebras", "sambanova", "azure", "vertex", "vertex-global", "bedrock", "cloudflare", "github",
        "huggingface", "nvidia", "ollama", "vllm", "lmstudio", "llamacpp",
    ];

    private static readonly string[] Local = ["ollama", "vllm", "lmstudio", "llamacpp"];

    [Fact]
    public void Every_known_provider_is_found_by_its_name_and_can_be_called()
    {
        Assert.Equal(Names, KnownProviders.All.Select(static provider => provider.Name));

        foreach (var provider in KnownProviders.All)
        {
            Assert.True(KnownProviders.TryGet(provider.Name.ToUpperInvariant(), out var found));
            Assert.Same(provider, found);
            Assert.Equal(provider.Name, provider.Dialect.Name);
            Assert.All(provider.Dialect.Models, variation => Assert.Equal(provider.Name, variation.Dialect.Name));
            Assert.NotEqual("", provider.DisplayName);

            var address = provider.Address(static part => "my-" + part.Name);
            Assert.Equal(Local.Contains(provider.Name) ? "http" : "https", address.Scheme);
            Assert.DoesNotContain("%7B", address.AbsoluteUri, StringComparison.Ordinal);
            Assert.Equal("", address.Query);
            Assert.Equal(Local.Contains(provider.Name), provider.KeyVariables.Count == 0);
            Assert.Equal(provider.AddressParts.Count, provider.AddressParts.Count(part => address.AbsoluteUri.Contains("my-" + part.Name, StringComparison.Ordinal)));
        }

        Assert.False(KnownProviders.TryGet("acme", out _));
    }

    [Theory]
    [InlineData("azure", "https://my-res.openai.azure.com/openai/v1", "resource", "my-res")]
    [InlineData("bedrock", "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1", "region", "eu-central-1")]
    [InlineData("vertex", "https://europe-west4-aiplatform.googleapis.com/v1/projects/europe-west4/locations/europe-west4/endpoints/openapi", "region", "europe-west4")]
    [InlineData("cloudflare", "https://api.cloudflare.com/client/v4/accounts/a1/ai/v1", "account", "a1")]
    public void The_customer_s_parts_of_an_address_are_filled_in(string provider, string address, string part, string value)
    {
        var known = Known(provider);

        Assert.Contains(part, known.AddressParts.Select(static known => known.Name));
        Assert.Equal(address, known.Address(_ => value).AbsoluteUri);
    }

    [Theory]
    [InlineData(null, "is missing. Set it, or the environment variable AZURE_RESOURCE_NAME or AZURE_OPENAI_RESOURCE.")]
    [InlineData(" ", "is missing. Set it, or the environment variable AZURE_RESOURCE_NAME or AZURE_OPENAI_RESOURCE.")]
    [InlineData("evil.example/", "can hold only letters, digits, '-', '_' and '.'.")]
    [InlineData("..", "can hold only letters, digits, '-', '_' and '.'.")]
    public void A_part_that_is_missing_or_leads_elsewhere_is_refused(string? value, string problem)
    {
        var failure = Assert.Throws<ArgumentException>(() => Known("azure").Address(_ => value));

        Assert.StartsWith("Resource of Azure OpenAI " + problem, failure.Message, StringComparison.Ordinal);
    }

    // Those of https://platform.openai.com/docs/guides/reasoning, wherever they are served.
    [Theory]
    [InlineData("openai", "gpt-4o-mini", ReasoningControl.None, "", true)]
    [InlineData("openai", "gpt-5-chat-latest", ReasoningControl.None, "", true)]
    [InlineData("openai", "gpt-5-mini", ReasoningControl.Effort, "minimal low medium high", false)]
    [InlineData("openai", "gpt-5.1", ReasoningControl.Effort, "none low medium high", true)]
    [InlineData("openai", "gpt-5.5-pro", ReasoningControl.Effort, "none low medium high xhigh", false)]
    [InlineData("openai", "o3-2025-04-16", ReasoningControl.Effort, "low medium high", false)]
    [InlineData("azure", "o4-mini", ReasoningControl.Effort, "low medium high", false)]
    [InlineData("github", "openai/o3-mini", ReasoningControl.Effort, "low medium high", false)]
    [InlineData("github", "openai/gpt-4.1", ReasoningControl.None, "", true)]
    [InlineData("gemini", "gemini-2.5-flash", ReasoningControl.EffortOrBudget, "none minimal low medium high", true)]
    [InlineData("gemini", "gemini-2.5-pro", ReasoningControl.EffortOrBudget, "minimal low medium high", true)]
    [InlineData("vertex", "google/gemini-3-pro-preview", ReasoningControl.Effort, "minimal low medium high", true)]
    [InlineData("anthropic", "claude-sonnet-4-5", ReasoningControl.Budget, null, true)]
    [InlineData("mistral", "mistral-large-latest", ReasoningControl.None, null, true)]
    [InlineData("mistral", "mistral-small-2603", ReasoningControl.Effort, "none high", true)]
    [InlineData("deepseek", "deepseek-chat", ReasoningControl.Effort, "none low high max", true)]
    [InlineData("deepseek", "deepseek-reasoner", ReasoningControl.Effort, "low high max", false)]
    [InlineData("groq", "llama-3.3-70b-versatile", ReasoningControl.None, null, true)]
    [InlineData("groq", "openai/gpt-oss-120b", ReasoningControl.Effort, "low medium high", true)]
    [InlineData("groq", "qwen/qwen3-32b", ReasoningControl.Switch, null, true)]
    [InlineData("xai", "grok-4-0709", ReasoningControl.None, null, true)]
    [InlineData("xai", "grok-4.3", ReasoningControl.Effort, "none low medium high", true)]
    [InlineData("moonshot", "kimi-k2.6", ReasoningControl.Switch, null, false)]
    [InlineData("alibaba", "qwen-plus", ReasoningControl.Budget, null, true)]
    [InlineData("zai", "glm-4.6", ReasoningControl.Switch, null, true)]
    [InlineData("openrouter", "anthropic/claude-sonnet-4.5", ReasoningControl.EffortOrBudget, "none minimal low medium high xhigh max", true)]
    public void A_model_reasons_and_is_sampled_as_its_documentation_says(
        string provider, string model, ReasoningControl control, string? efforts, bool takesTemperature)
    {
        var dialect = Known(provider).Dialect.For(model);

        Assert.Equal(control, dialect.Reasoning.Control);
        if (efforts is { Length: > 0 })
            Assert.Equal(efforts, string.Join(' ', dialect.Reasoning.Efforts));
        Assert.Equal(takesTemperature, dialect.Parameters.GetValueOrDefault("temperature")?.IsTaken ?? true);
    }

    [Fact]
    public void What_is_known_of_providers_is_in_the_table()
    {
        Assert.Equal((9, true), (Known("mistral").Dialect.Tools.MaxCallIdLength, Known("mistral").Dialect.Tools.FixedCallIds));
        Assert.Equal((false, PrefillForm.Marked), (Known("mistral").Dialect.Messages.UserMayFollowToolResult, Known("mistral").Dialect.Messages.Prefill));
        Assert.Equal("random_seed", Known("mistral").Spelling.Renames["seed"]);
        Assert.True(Known("openai").Spelling.MaxCompletionTokens);
        Assert.Equal(ReasoningSpelling.ReasoningContent, Known("deepseek").Spelling.Reasoning);
        Assert.Equal("api-key", Known("azure").KeyHeader);
        Assert.Equal((SystemPlacement.OneLeading, false), (Known("anthropic").Dialect.Messages.System, Known("anthropic").Dialect.Messages.TakesEmptyContent));
        Assert.Equal((0d, 1d), (Known("anthropic").Dialect.Parameters["temperature"].Minimum, Known("anthropic").Dialect.Parameters["temperature"].Maximum));
        Assert.Equal((true, true), (Known("perplexity").Dialect.Messages.MustAlternate, Known("gemini").Dialect.Tools.NamesBeginWithLetter));
        Assert.True(Known("vertex").Dialect.For("google/gemini-3-pro").Media.Images.TakesUrls);
        Assert.False(Known("gemini").Dialect.For("gemini-3-pro").Media.Images.TakesUrls);
        Assert.Contains("$ref", Known("gemini").Dialect.Tools.RefusedSchemaKeywords);
        Assert.Equal(["reasoning_split"], Known("minimax").Spelling.Always.Keys);
    }

    // What the spelling has no field for must not get lost on the wire unseen: the layer leaves it out with a note.
    [Fact]
    public void Members_of_reasoning_without_a_field_are_taken_only_where_the_whole_object_is()
    {
        foreach (var provider in KnownProviders.All)
        {
            foreach (var (dialect, spelling) in provider.Dialect.Models.Select(variation => (variation.Dialect, provider.Spelling.For(variation.Patterns[0])))
                         .Append((provider.Dialect, provider.Spelling)))
            {
                if (dialect.Reasoning.Control != ReasoningControl.None)
                    Assert.True(dialect.Reasoning.TakesOtherMembers == spelling.ReasoningControl.TakesObject, provider.Name);
            }
        }
    }

    [Theory]
    [InlineData("openrouter", "anthropic/claude-sonnet-4.5", "anthropic-claude-v1 google-gemini-v1 openai-responses-v1 azure-openai-responses-v1 bedrock-openai-responses-v1 xai-responses-v1 bedrock-xai-responses-v1 meta-responses-v1")]
    [InlineData("anthropic", "claude-opus-4-6", "anthropic-claude-v1")]
    [InlineData("gemini", "gemini-3-pro-preview", "google-gemini-v1")]
    [InlineData("gemini", "gemini-2.5-pro", "google-gemini-v1")]
    [InlineData("vertex", "google/gemini-2.5-flash", "google-gemini-v1")]
    [InlineData("openai", "o3", "openai-responses-v1")]
    [InlineData("azure", "gpt-5", "azure-openai-responses-v1")]
    [InlineData("xai", "grok-4", "xai-responses-v1")]
    [InlineData("deepseek", "deepseek-reasoner", "")]
    [InlineData("mistral", "magistral-medium-latest", "")]
    [InlineData("groq", "openai/gpt-oss-120b", "")]
    [InlineData("cohere", "command-a-03-2025", "")]
    [InlineData("perplexity", "sonar", "")]
    [InlineData("moonshot", "kimi-k2.5", "")]
    [InlineData("zai", "glm-4.6", "")]
    [InlineData("minimax", "minimax-m3", null)]
    [InlineData("vllm", "any", null)]
    public void The_formats_of_reasoning_that_a_provider_makes_are_those_of_its_documentation(string provider, string model, string? formats) =>
        Assert.Equal(formats, Known(provider).Dialect.For(model).Reasoning.OwnFormats is { } own ? string.Join(' ', own) : null);

    [Fact]
    public void A_provider_of_one_s_own_begins_with_one_that_is_near()
    {
        var own = Known("mistral") with { Name = "own", BaseUrl = "https://mistral.example/{tenant}/v1", AddressParts = [new("tenant", "Tenant", "TENANT")] };

        Assert.Equal("https://mistral.example/t-1/v1", own.Address(static _ => "t-1").AbsoluteUri);
        Assert.Equal("random_seed", own.Spelling.Renames["seed"]);
        Assert.NotEqual(own.Name, Known("mistral").Name);
    }

    private static KnownProvider Known(string name)
    {
        Assert.True(KnownProviders.TryGet(name, out var known));
        return known;
    }
}
