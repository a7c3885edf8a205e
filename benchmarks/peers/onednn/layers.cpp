// oneDNN's LSTM primitive on the recurrent layers of T1, T2 or T3, and nothing
// else: forward, backward and the repacking of the weights that an update makes
// necessary; no embedding, projection, loss, clipping or optimiser. It is an
// upper bound for the frameworks that call it. Prints one line of JSON.
//
//   g++ -O2 -std=c++17 -fopenmp -o /tmp/onednn benchmarks/peers/onednn/layers.cpp -ldnnl
//   /tmp/onednn --task T1 --threads 1 --seconds 8
#include <omp.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "oneapi/dnnl/dnnl.hpp"

using dnnl::memory;
using Format = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;

struct Sizes {
    long emb, hidden, layers, batch, seq;
};

const std::map<std::string, Sizes> presets = {
    {"T1", {64, 128, 1, 32, 64}},
    {"T2", {64, 128, 2, 50, 50}},
    {"T3", {64, 512, 2, 64, 64}},
};

// Machine is the processor and its queue.
struct Machine {
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};

    // tensor is memory with small numbers of both signs in it.
    memory tensor(const memory::desc &desc, float scale) const {
        memory m(desc, engine);
        auto *x = static_cast<float *>(m.get_data_handle());
        for (size_t i = 0; i < desc.get_size() / sizeof(float); i++)
            x[i] = scale * (float(i * 2654435761u % 2001) / 1000 - 1);
        return m;
    }
};

memory::desc dense(memory::dims dims, Format format) {
    return memory::desc(dims, memory::data_type::f32, format);
}

// Shapes are the operands of a layer; a primitive chooses how weights lie.
struct Shapes {
    memory::desc x, y, state, wx, wh, b;
    memory::dims plainX, plainH;

    Shapes(const Sizes &s, const memory::desc &in) : x(in) {
        plainX = {1, 1, in.dims()[2], 4, s.hidden};
        plainH = {1, 1, s.hidden, 4, s.hidden};
        y = dense({s.seq, s.batch, s.hidden}, Format::tnc);
        state = dense({1, 1, s.batch, s.hidden}, Format::ldnc);
        wx = dense(plainX, Format::any);
        wh = dense(plainH, Format::any);
        b = dense({1, 1, 4, s.hidden}, Format::ldgo);
    }
};

// Layer is one LSTM layer with everything that its two passes read and write.
class Layer {
public:
    memory out;  // the outputs, which the next layer reads

    Layer(const Machine &m, const Sizes &sizes, const memory &in) : machine(m) {
        const Shapes s(sizes, in.get_desc());
        const auto way = dnnl::rnn_direction::unidirectional_left2right;
        const dnnl::lstm_forward::primitive_desc forwardPlan(
            {dnnl::prop_kind::forward_training, way, s.x, s.state, s.state, s.wx, s.wh, s.b, s.y, s.state, s.state}, m.engine);
        const dnnl::lstm_backward::primitive_desc backwardPlan(
            {dnnl::prop_kind::backward, way, s.x, s.state, s.state, s.wx, s.wh, s.b, s.y, s.state, s.state,
             s.x, s.state, s.state, s.wx, s.wh, s.b, s.y, s.state, s.state},
            m.engine, forwardPlan);
        forwardPass = dnnl::lstm_forward(forwardPlan);
        backwardPass = dnnl::lstm_backward(backwardPlan);

        const auto wx = m.tensor(dense(s.plainX, Format::ldigo), 0.08f), wh = m.tensor(dense(s.plainH, Format::ldigo), 0.08f);
        bindForward(s, in, memory(forwardPlan.workspace_desc(), m.engine));
        backwardArgs = forwardArgs;
        forwardArgs[DNNL_ARG_WEIGHTS_LAYER] = packed(wx, forwardPlan.weights_layer_desc());
        forwardArgs[DNNL_ARG_WEIGHTS_ITER] = packed(wh, forwardPlan.weights_iter_desc());
        backwardArgs[DNNL_ARG_WEIGHTS_LAYER] = packed(wx, backwardPlan.weights_layer_desc());
        backwardArgs[DNNL_ARG_WEIGHTS_ITER] = packed(wh, backwardPlan.weights_iter_desc());
        bindGradients(s);
        addSum(DNNL_ARG_DIFF_WEIGHTS_LAYER, backwardPlan.diff_weights_layer_desc());
        addSum(DNNL_ARG_DIFF_WEIGHTS_ITER, backwardPlan.diff_weights_iter_desc());
        addSum(DNNL_ARG_DIFF_BIAS, s.b);
    }

    void forward() {
        for (auto &[from, to] : repack) dnnl::reorder(from, to).execute(machine.stream, from, to);
        forwardPass.execute(machine.stream, forwardArgs);
    }

    // backward adds to the gradients of the weights, which begin at zero.
    void backward() {
        for (auto &sum : sums) std::memset(sum.get_data_handle(), 0, sum.get_desc().get_size());
        backwardPass.execute(machine.stream, backwardArgs);
    }

private:
    const Machine &machine;
    dnnl::lstm_forward forwardPass;
    dnnl::lstm_backward backwardPass;
    Arguments forwardArgs, backwardArgs;
    std::vector<memory> sums;
    std::vector<std::pair<memory, memory>> repack;  // weights as the user has them, and as a pass wants them

    memory packed(const memory &plain, const memory::desc &desc) {
        repack.emplace_back(plain, memory(desc, machine.engine));
        return repack.back().second;
    }

    // bindForward makes all operands of the forward pass but the weights; the backward pass reads them too.
    void bindForward(const Shapes &s, const memory &in, const memory &workspace) {
        out = machine.tensor(s.y, 0);
        forwardArgs = {{DNNL_ARG_SRC_LAYER, in}, {DNNL_ARG_DST_LAYER, out}, {DNNL_ARG_WORKSPACE, workspace}};
        for (int state : {DNNL_ARG_SRC_ITER, DNNL_ARG_SRC_ITER_C, DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C})
            forwardArgs[state] = machine.tensor(s.state, 0);
        forwardArgs[DNNL_ARG_BIAS] = machine.tensor(s.b, 0.1f);
    }

    // bindGradients makes the gradients that are not those of parameters.
    void bindGradients(const Shapes &s) {
        backwardArgs[DNNL_ARG_DIFF_SRC_LAYER] = machine.tensor(s.x, 0);
        backwardArgs[DNNL_ARG_DIFF_DST_LAYER] = machine.tensor(s.y, 0.01f);
        for (int state : {DNNL_ARG_DIFF_SRC_ITER, DNNL_ARG_DIFF_SRC_ITER_C, DNNL_ARG_DIFF_DST_ITER, DNNL_ARG_DIFF_DST_ITER_C})
            backwardArgs[state] = machine.tensor(s.state, 0);
    }

    // addSum makes the gradient of a parameter.
    void addSum(int what, const memory::desc &desc) {
        sums.push_back(machine.tensor(desc, 0));
        backwardArgs[what] = sums.back();
    }
};

struct Options {
    std::string task = "T1";
    int threads = 1;
    double seconds = 8;
};

bool parse(int argc, char **argv, Options &o) {
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string flag = argv[i];
        if (flag == "--task") o.task = argv[i + 1];
        else if (flag == "--threads") o.threads = std::atoi(argv[i + 1]);
        else if (flag == "--seconds") o.seconds = std::atof(argv[i + 1]);
        else return false;
    }
    return argc % 2 == 1 && presets.count(o.task) && o.threads > 0;
}

int main(int argc, char **argv) {
    Options o;
    if (!parse(argc, argv, o)) {
        std::fprintf(stderr, "onednn: --task T1, T2 or T3, --threads N, --seconds S\n");
        return 2;
    }
    omp_set_num_threads(o.threads);
    const Sizes s = presets.at(o.task);
    const Machine machine;
    std::vector<Layer> layers;
    memory x = machine.tensor(dense({s.seq, s.batch, s.emb}, Format::tnc), 0.5f);
    for (long l = 0; l < s.layers; l++) {
        layers.emplace_back(machine, s, x);
        x = layers.back().out;
    }
    auto step = [&] {
        for (auto &l : layers) l.forward();
        for (auto l = layers.rbegin(); l != layers.rend(); ++l) l->backward();
        dnnl::stream(machine.stream).wait();
    };
    for (int i = 0; i < 5; i++) step();
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    long n = 0;
    for (; n < 3 || passed() < o.seconds; n++) step();
    const double seconds = passed();
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"peer\":\"onednn\",\"task\":\"%s\",\"config\":\"lstm layers only, E%ld H%ld L%ld B%ld T%ld\",\"threads\":%d,"
                "\"tokens_per_s\":%.1f,\"ms_per_step\":%.4f,\"peak_rss_mb\":%.1f,\"loss0\":null,\"lossN\":null,\"steps\":%ld}\n",
                o.task.c_str(), s.emb, s.hidden, s.layers, s.batch, s.seq, o.threads,
                n * s.batch * s.seq / seconds, 1e3 * seconds / n, usage.ru_maxrss / 1024.0, n);
}
