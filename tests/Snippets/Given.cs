namespace MeaiRouter.Snippets;

/// <summary>What a snippet takes for granted: the names that it uses and does not declare.</summary>
internal abstract class Given
{
    protected static readonly IChatClient client = Any<IChatClient>();
    protected static readonly IChatClient primary = client, backup = client, cheap = client, openai = client, anthropic = client, groq = client, together = client;
    protected static readonly IReadOnlyDictionary<string, IChatClient> providers = new Dictionary<string, IChatClient>();
    protected static readonly ModelCatalog catalog = new([]);
    protected static readonly List<ChatMessage> messages = [];
    protected static readonly ChatOptions options = new();
    protected static readonly ChatResponse response = new();
    protected static readonly AITool weather = Any<AITool>();
    protected static readonly ILedger ledger = Any<ILedger>();
    protected static readonly ILedgerReports reports = Any<ILedgerReports>();
    protected static readonly HostApplicationBuilder builder = Any<HostApplicationBuilder>();
    protected static readonly IServiceCollection services = builder.Services;
    protected static readonly ChatClientBuilder pipeline = client.AsBuilder();
    protected static readonly WebApplication app = Any<WebApplication>();
    protected static readonly IHost host = Any<IHost>();
    protected static readonly ScriptedProvider acme = Any<ScriptedProvider>();
    protected static readonly TextWriter writer = TextWriter.Null;
    protected static readonly string[] args = [];
    protected const string connectionString = "";

    protected static IChatClient CreateAnthropicClient() => client;

    // Snippets are compiled and never run.
    private static T Any<T>() => throw new NotSupportedException();

    protected sealed record Weather(double Celsius);
}
