using MeaiRouter.Dialects;

namespace MeaiRouter.OpenAI.Providers;

/// <summary>Clouds and the hubs of software houses, whose addresses often hold the customer's account.</summary>
internal static class Clouds
{
    private static readonly AddressPart GoogleProject = new("project", "Project", "GOOGLE_VERTEX_PROJECT", "GOOGLE_CLOUD_PROJECT");

    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        Azure(), Vertex(), GlobalVertex(), Bedrock(), Cloudflare(), GitHub(), HuggingFace(), Nvidia(),
    ];

    // https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle: the v1 address takes no api-version; models are deployments.
    private static KnownProvider Azure() => new("azure", "https://{resource}.openai.azure.com/openai/v1")
    {
        DisplayName = "Azure OpenAI",
        AddressParts = [new("resource", "Resource", "AZURE_RESOURCE_NAME", "AZURE_OPENAI_RESOURCE")],
        KeyVariables = ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
        KeyHeader = "api-key",
        Dialect = OpenAIModels.Dialect("azure").Making("azure-openai-responses-v1"),
        Spelling = OpenAIModels.Spelling,
    };

    // https://cloud.google.com/vertex-ai/generative-ai/docs/start/openai. The key is an access token of OAuth, which expires.
    private static KnownProvider Vertex() => new(
        "vertex", "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/endpoints/openapi")
    {
        DisplayName = "Google Vertex AI",
        AddressParts = [GoogleProject, new("region", "Region", "GOOGLE_VERTEX_LOCATION", "GOOGLE_CLOUD_LOCATION")],
        KeyVariables = ["GOOGLE_OAUTH_ACCESS_TOKEN"],
        Dialect = VertexDialect("vertex"),
        Spelling = GeminiModels.Spelling,
    };

    private static KnownProvider GlobalVertex() => new(
        "vertex-global", "https://aiplatform.googleapis.com/v1/projects/{project}/locations/global/endpoints/openapi")
    {
        DisplayName = "Google Vertex AI (global)",
        AddressParts = [GoogleProject],
        KeyVariables = ["GOOGLE_OAUTH_ACCESS_TOKEN"],
        Dialect = VertexDialect("vertex-global"),
        Spelling = GeminiModels.Spelling,
    };

    // https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html
    private static KnownProvider Bedrock() => new("bedrock", "https://bedrock-runtime.{region}.amazonaws.com/openai/v1")
    {
        DisplayName = "Amazon Bedrock",
        AddressParts = [new("region", "Region", "AWS_REGION", "AWS_DEFAULT_REGION")],
        KeyVariables = ["AWS_BEARER_TOKEN_BEDROCK"],
        Dialect = new("bedrock") { Reasoning = new() { TakesOtherMembers = false } },
        Spelling = new() { ReasoningControl = ReasoningControlSpelling.EffortOnly },
    };

    // https://developers.cloudflare.com/workers-ai/configuration/open-ai-compatibility/, /workers-ai/features/json-mode/
    private static KnownProvider Cloudflare() => new("cloudflare", "https://api.cloudflare.com/client/v4/accounts/{account}/ai/v1")
    {
        DisplayName = "Cloudflare Workers AI",
        AddressParts = [new("account", "Account", "CLOUDFLARE_ACCOUNT_ID")],
        KeyVariables = ["CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"],
        Spelling = new() { Schemas = SchemaSpelling.BareJsonSchema },
    };

    // https://docs.github.com/en/rest/models/inference
    private static KnownProvider GitHub() => new("github", "https://models.github.ai/inference")
    {
        DisplayName = "GitHub Models",
        KeyVariables = ["GITHUB_TOKEN"],
        Dialect = OpenAIModels.Dialect(
            new Dialect("github")
            {
                Parameters = Rules.Parameters(("temperature top_p", Rules.Range(0, 1)), (Rules.Penalties, Rules.Range(-2, 2))),
                Tools = new() { Choices = ToolChoiceForms.None | ToolChoiceForms.Required },
                Reasoning = Rules.Uncontrolled(),
            },
            "openai/"),
        Spelling = new()
        {
            ReasoningControl = ReasoningControlSpelling.EffortOnly,
            Models = [new(["openai/gpt-5*", "openai/o1*", "openai/o3*", "openai/o4*"], OpenAIModels.Spelling)],
        },
    };

    // https://huggingface.co/docs/inference-providers/tasks/chat-completion: what is taken depends on who serves the model
    private static KnownProvider HuggingFace() => new("huggingface", "https://router.huggingface.co/v1")
    {
        DisplayName = "Hugging Face",
        KeyVariables = ["HF_TOKEN"],
    };

    // https://docs.api.nvidia.com/nim/reference/llm-apis: how reasoning is controlled depends on the model
    private static KnownProvider Nvidia()
    {
        var dialect = new Dialect("nvidia");
        return new("nvidia", "https://integrate.api.nvidia.com/v1")
        {
            DisplayName = "NVIDIA",
            KeyVariables = ["NVIDIA_API_KEY"],
            Dialect = dialect with { Models = [new(["qwen/qwen3*", "nvidia/*nemotron-3*"], dialect with { Reasoning = Rules.OnOff })] },
            Spelling = new()
            {
                Models = [new(["qwen/qwen3*", "nvidia/*nemotron-3*"], new() { ReasoningControl = ReasoningControlSpelling.ChatTemplate with { Effort = null } })],
            },
        };
    }

    private static Dialect VertexDialect(string name)
    {
        // It fetches what lies in the cloud's storage or on the web.
        Dialect Fetching(Dialect dialect) => dialect with { Media = dialect.Media with { Images = dialect.Media.Images with { TakesUrls = true } } };

        var dialect = Fetching(GeminiModels.Dialect(name));
        return dialect with { Models = [.. dialect.Models.Select(variation => variation with { Dialect = Fetching(variation.Dialect) })] };
    }
}
