package graph

// Sizes of letters, in pixels.
const (
	nameSize  = 12.0
	shapeSize = 10.0
)

// svgStyle is the look of SVG pictures, light and dark. Tints and lines are
// near the colours of Okabe and Ito (2008),
// https://jfly.uni-koeln.de/color/, which do not need red and green told
// apart; shapes and borders differ as well.
const svgStyle = `
.bg{fill:#fff}.b{fill:#f5f7fa}.cl{fill:none;stroke:#8a949e;stroke-dasharray:3 3}
text{fill:#111;font-size:12px}.t{font-size:14px;font-weight:bold}.s,.h{font-size:10px;fill:#444}.m,.s,.sw{text-anchor:middle}
.p{font-size:9px;fill:#444;text-anchor:middle}.sw{font-weight:bold;fill:#445}
.sp{stroke:#8a949e;stroke-width:1}.st{font-size:10px;font-weight:bold;paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.n>.x{stroke-width:1.3}
.input .x{fill:#d6ecfa;stroke:#0072b2}.param .x{fill:#fbe3b5;stroke:#8f5f00}.state .x{fill:#bfe8d9;stroke:#00694d}
.const .x{fill:#f2f2f2;stroke:#666;stroke-dasharray:4 2}.op .x{fill:#fff;stroke:#444}
.output .x{fill:#0072b2;stroke:#003f66;stroke-width:2}.output text{fill:#fff}
.grad .x{fill:#f8d9c4;stroke:#b34700}.slope .x,.slope .y{fill:#eec3da;stroke:#8f3a6b}.slope .y{fill:none}
.cell .x{fill:#eef0f8;stroke:#3b4a8c;stroke-width:1.6}.cell .y{fill:none;stroke:#3b4a8c;stroke-width:.6}.cell .m{font-weight:bold}
.e path{fill:none;stroke-width:1.2}.e:hover path{stroke-width:3}
.ei path{stroke:#0072b2}.ei .a{fill:#0072b2}.ep path{stroke:#a87510}.ep .a{fill:#a87510}
.es path{stroke:#00805e}.es .a{fill:#00805e}.ec path{stroke:#8a8a8a}.ec .a{fill:#8a8a8a}
.eo path{stroke:#333}.eo .a{fill:#333}.eg path{stroke:#c04c00}.eg .a{fill:#c04c00}
.ex path{stroke-dasharray:4 3}
@media (prefers-color-scheme: dark){
.bg{fill:#14171a}.b{fill:#1c2126}.cl{stroke:#76808a}
text{fill:#f2f2f2}.st{stroke:#14171a}.s,.h,.p{fill:#c8cdd2}.sw{fill:#c3cad6}
.input .x{fill:#0d3a57;stroke:#56b4e9}.param .x{fill:#4d3800;stroke:#e6b040}.state .x{fill:#0b4636;stroke:#35c79a}
.const .x{fill:#2b2f33;stroke:#a0a0a0}.op .x{fill:#14171a;stroke:#c8c8c8}
.output .x{fill:#8fd0f5;stroke:#fff}.output text{fill:#06202f}
.grad .x{fill:#5a2a0c;stroke:#f0935a}.slope .x,.slope .y{fill:#55233f;stroke:#e49cc4}.slope .y{fill:none}
.cell .x{fill:#262c45;stroke:#a9b6f5}.cell .y{fill:none;stroke:#a9b6f5}
.ei path{stroke:#56b4e9}.ei .a{fill:#56b4e9}.ep path{stroke:#e6b040}.ep .a{fill:#e6b040}
.es path{stroke:#35c79a}.es .a{fill:#35c79a}.ec path{stroke:#8f8f8f}.ec .a{fill:#8f8f8f}
.eo path{stroke:#d5d5d5}.eo .a{fill:#d5d5d5}.eg path{stroke:#f0935a}.eg .a{fill:#f0935a}
}
`
